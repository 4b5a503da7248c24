import { IsString, MaxLength, ValidateIf } from 'class-validator';

/** 普卡, 金卡 or 白金卡. */
export class TierDto {
  key: string;
  name: string;
}

export class BrandDto {
  name: string;
}

export class BootDto {
  profile: 'local' | 'rehearsal' | 'production';
  appId: string;
  /** Full address of WeChat's script. */
  wechatJsUrl: string;
  brand: BrandDto;
}

export class SessionMemberDto {
  tier: TierDto | null;
  nickname: string | null;
}

export class SessionDto {
  member: SessionMemberDto;
}

export class JsConfigDto {
  appId: string;
  /** Seconds. */
  timestamp: number;
  nonceStr: string;
  signature: string;
}

export class MeDto {
  nickname: string | null;
  /** Since when. ISO 8601, UTC. */
  since: string;
  tier: TierDto | null;
  /** 估算消费 of the last 365 days. */
  spendFen: number;
  scans: number;
  wins: number;
  receivedFen: number;
  /** Where the last scan with a known place was, e.g. 安徽 合肥. */
  lastCity: string | null;
}

export class ChangeNicknameDto {
  /** At most 20 characters as people count them; null takes it away. */
  @ValidateIf((_body, value) => value !== null)
  @IsString()
  @MaxLength(200)
  nickname: string | null;
}

export class NicknameDto {
  /** Spaces tidied; null = none. */
  nickname: string | null;
}
