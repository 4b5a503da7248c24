import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsInt, IsString, Max, MaxLength, Min, MinLength } from 'class-validator';
import { MAX_TAGGED_AT_ONCE } from '@app/members';

export class MemberIdsDto {
  /** 1 to 2,000 members. */
  @ApiProperty({ type: [Number], minItems: 1, maxItems: MAX_TAGGED_AT_ONCE })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_TAGGED_AT_ONCE)
  @IsInt({ each: true })
  @Min(1, { each: true })
  @Max(Number.MAX_SAFE_INTEGER, { each: true })
  memberIds: number[];
}

export class TagMembersDto extends MemberIdsDto {
  /** 1 to 32 bytes of UTF-8: some ten Chinese characters. */
  @IsString()
  @MinLength(1)
  @MaxLength(32)
  tag: string;
}

export class ChangedDto {
  /** How many members this changed; those it already held for are not among them. */
  changed: number;
}

export class KnownTagDto {
  tag: string;
  members: number;
}

export class TagPageDto {
  @ApiProperty({ type: [KnownTagDto] })
  items: readonly KnownTagDto[];
  nextCursor: string | null;
}
