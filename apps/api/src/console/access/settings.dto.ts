import { ApiProperty } from '@nestjs/swagger';

export class DomainSettingDto {
  /** What it is for: `public`, `codes`, `wechat-notify`. */
  use: string;
  url: string;
  https: boolean;
}

export class LimitSettingDto {
  /** Stable name, e.g. `lock_minutes`. */
  name: string;
  label: string;
  value: number;
  unit: string;
}

export class SettingsDto {
  brand: string;
  /** `local`, `rehearsal`, `production`. */
  profile: string;
  appId: string;
  @ApiProperty({ enum: ['required', 'optional'] })
  secondFactor: 'required' | 'optional';
  /** Text messages can be sent. */
  sms: boolean;
  domains: DomainSettingDto[];
  limits: LimitSettingDto[];
}
