import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { PageQuery } from '../../edge/page.dto';

export class MemberListQuery extends PageQuery {
  /** Latest scan first, or highest 消费值 first. */
  @IsOptional()
  @IsIn(['recent', 'spend'])
  order?: 'recent' | 'spend';

  @IsOptional()
  @IsIn(['regular', 'gold', 'platinum'])
  tier?: 'regular' | 'gold' | 'platinum';

  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(32)
  tag?: string;
}

export class MemberTierDto {
  key: string;
  name: string;
  /** First Shanghai day on which it no longer holds. */
  until: string | null;
}

export class MemberProfileDto {
  memberId: number;
  createdAt: Date;
  tier: MemberTierDto;
  /** 估算消费 of the last 365 days. */
  spendFen: number;
  scans: number;
  /** 开瓶数. */
  codes: number;
  wins: number;
  awardedFen: number;
  receivedFen: number;
  lastAdcode: number | null;
  lastScanAt: Date | null;
  phoneBound: boolean;
  /** Follows the official account; null = WeChat never told. */
  follows: boolean | null;
  /** 已注销: nothing tells any more who it was. */
  erasedAt: Date | null;
}

export class MemberListDto {
  @ApiProperty({ type: [MemberProfileDto] })
  items: readonly MemberProfileDto[];
  nextCursor: string | null;
}

export class TimelineEntryDto {
  kind: string;
  at: Date;
  amountFen: number;
  spendFen: number;
  adcode: number | null;
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  data: object | null;
}

export class TimelineDto {
  @ApiProperty({ type: [TimelineEntryDto] })
  items: readonly TimelineEntryDto[];
  nextCursor: string | null;
}

export class MemberDetailDto {
  profile: MemberProfileDto;
  @ApiProperty({ type: [String] })
  tags: readonly string[];
  timeline: TimelineDto;
}
