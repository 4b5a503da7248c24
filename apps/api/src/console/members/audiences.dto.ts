import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsInt, IsObject, IsOptional, IsString, MaxLength, Min, MinLength } from 'class-validator';
import { PageQuery } from '../../edge/page.dto';
import { MemberProfileDto } from './members.dto';
import { ChangedDto } from './tags.dto';

export class AudienceListQuery extends PageQuery {
  /** `true`: the archived ones. */
  @IsOptional()
  @IsIn(['true', 'false'])
  archived?: 'true' | 'false';
}

export class NewAudienceDto {
  @IsString()
  @MinLength(1)
  @MaxLength(64)
  name: string;

  @IsOptional()
  @IsString()
  @MaxLength(255)
  note?: string;

  /** A condition tree over `audience-fields`; left out = a list of members, filled by `:id/members`. */
  @ApiPropertyOptional({ type: 'object', additionalProperties: true, nullable: true })
  @IsOptional()
  @IsObject()
  condition?: Record<string, unknown> | null;
}

export class ChangedAudienceDto extends NewAudienceDto {
  /** The version this change was made from. */
  @IsInt()
  @Min(1)
  version: number;
}

export class ArchiveAudienceDto {
  @IsInt()
  @Min(1)
  version: number;

  /** `false` brings it back. */
  @IsBoolean()
  archived: boolean;
}

export class AudienceConditionDto {
  @ApiProperty({ type: 'object', additionalProperties: true })
  @IsObject()
  condition: Record<string, unknown>;
}

export class AudienceDto {
  id: number;
  name: string;
  kind: 'rule' | 'list';
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  condition: object | null;
  note: string;
  version: number;
  archived: boolean;
  createdBy: number | null;
  createdAt: Date;
  updatedAt: Date;
}

export class AudiencePageDto {
  @ApiProperty({ type: [AudienceDto] })
  items: readonly AudienceDto[];
  nextCursor: string | null;
}

export class AudienceSizeDto {
  /** Everybody in the member database. */
  members: number;
  /** How many were asked; with `exact` all of them, else a random sample. */
  asked: number;
  matched: number;
  estimate: number;
  exact: boolean;
  /** Up to ten of those who matched. */
  @ApiProperty({ type: [MemberProfileDto] })
  sample: readonly MemberProfileDto[];
}

export class AudienceVersionDto {
  version: number;
}

export class ListChangedDto extends ChangedDto {
  /** How many are on the list now. */
  members: number;
}
