import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { Rejected, systemClock, systemRandom } from '@app/kernel';
import { CredentialHolder } from './credential-holder';

/** What `wx.config` takes; `timestamp` in seconds. */
export interface JsConfig {
  readonly appId: string;
  readonly timestamp: number;
  readonly nonceStr: string;
  readonly signature: string;
}

const MAX_URL_CHARS = 2000;

/** SHA-1 over the four parts in exactly this order, values raw. */
export function jsSignature(parts: { ticket: string; nonceStr: string; timestamp: number; url: string }): string {
  const text = `jsapi_ticket=${parts.ticket}&noncestr=${parts.nonceStr}&timestamp=${parts.timestamp}&url=${parts.url}`;
  return createHash('sha1').update(text, 'utf8').digest('hex');
}

@Injectable()
export class JsSdk {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly credentials: CredentialHolder,
  ) {}

  /**
   * Signs a page of ours, exactly as the browser has its address up to `#`. Throws Rejected `foreign_url` for any other host,
   * Transient when WeChat gives no ticket now.
   */
  async jsConfig(url: string): Promise<JsConfig> {
    const page = url.split('#')[0]!;
    if (!this.isOurs(page)) throw new Rejected('foreign_url', '只能为本站页面签名', 400);
    const timestamp = Math.floor(systemClock.now().getTime() / 1000);
    const nonceStr = Buffer.from(systemRandom.bytes(12)).toString('hex');
    const ticket = await this.credentials.current('jsapi_ticket');
    return {
      appId: this.config.wechat.appId,
      timestamp,
      nonceStr,
      signature: jsSignature({ ticket, nonceStr, timestamp, url: page }),
    };
  }

  private isOurs(page: string): boolean {
    if (page.length > MAX_URL_CHARS || !URL.canParse(page)) return false;
    const { publicUrl, codeHostUrl } = this.config.http;
    const { protocol, host, username, password } = new URL(page);
    if (username !== '' || password !== '') return false;
    return [publicUrl, codeHostUrl].some((ours) => {
      const own = new URL(ours);
      return own.protocol === protocol && own.host === host;
    });
  }
}
