import { Get, Inject } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { ACCOUNT_LIMITS } from '@app/staff';
import { ConsoleController } from '../console-controller';
import type { DomainSettingDto, LimitSettingDto, SettingsDto } from './settings.dto';

/** How this deployment is set up, read-only: it comes from the environment and the code, and nothing that signs or opens is shown. */
@ConsoleController('settings')
export class SettingsController {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  @Get()
  read(): SettingsDto {
    const { brand, profile, wechat, sms, secondFactor, waits } = this.config;
    const seconds = (ms: number): number => Math.round(ms / 1000);
    return {
      ...{ brand: brand.name, profile, appId: wechat.appId, secondFactor, sms: sms.gatewayUrl !== null },
      domains: this.domains(),
      limits: [
        ...ACCOUNT_LIMITS.map(asLimit),
        limit('catalog_seconds', '停码、改活动多久内全网生效', seconds(waits.catalogRefreshMs), '秒'),
      ],
    };
  }

  private domains(): DomainSettingDto[] {
    const { http, wechat } = this.config;
    const named = { public: http.publicUrl, codes: http.codeHostUrl, 'wechat-notify': wechat.notifyUrl };
    return Object.entries(named).map(([use, url]) => ({ use, url, https: url.startsWith('https:') }));
  }
}

function limit(name: string, label: string, value: number, unit: string): LimitSettingDto {
  return { name, label, value, unit };
}

const asLimit = ([name, label, value, unit]: (typeof ACCOUNT_LIMITS)[number]): LimitSettingDto =>
  limit(name, label, value, unit);
