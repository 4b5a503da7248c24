import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { isDuplicate, UnitOfWork } from '@app/database';
import { LOGGER, type Logger } from '@app/observability';
import { ApiClient } from './api-client';
import { oauthFailureOf, type OAuthFailure } from './oauth-failures';

/** What came of exchanging the `code` of an OAuth round. A snapshot account is virtual: never register it, never pay it. */
export type OAuthExchange =
  | {
      readonly kind: 'identified';
      readonly openid: string;
      readonly unionid: string | null;
      readonly snapshot: boolean;
    }
  | OAuthFailure;

export interface AuthorizeRequest {
  /** Absolute address WeChat returns to; its host must equal the configured 网页授权域名 exactly. */
  readonly redirectUri: string;
  /** a-zA-Z0-9, at most 128 bytes: a random one-time value bound to the browser. */
  readonly state: string;
  /** `snsapi_base` is silent and gives the openid only. */
  readonly scope?: 'snsapi_base' | 'snsapi_userinfo';
}

/** 公众号网页授权: who is in front of the phone. */
@Injectable()
export class WechatOAuth {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly unitOfWork: UnitOfWork,
    private readonly client: ApiClient,
  ) {}

  /** Where to send the browser. Order, case and the fragment matter to WeChat. */
  authorizeUrl({ redirectUri, state, scope = 'snsapi_base' }: AuthorizeRequest): string {
    const { appId, openUrl } = this.config.wechat;
    return (
      `${openUrl}/connect/oauth2/authorize?appid=${appId}&redirect_uri=${encodeURIComponent(redirectUri)}` +
      `&response_type=code&scope=${scope}&state=${encodeURIComponent(state)}#wechat_redirect`
    );
  }

  /**
   * Exchanges a code once. A code seen before (reload, back button, double callback) is `code_spent` without asking WeChat.
   * `-1` (busy) is repeated once with the same code. Never throws for anything WeChat says or fails to say.
   */
  async exchangeOAuthCode(code: string): Promise<OAuthExchange> {
    if (!(await this.claim(code))) return oauthFailureOf(40163);
    let reply = await this.ask(code);
    if (reply.errcode === -1) reply = await this.ask(code);
    if (reply.noReply) return { kind: 'failed', reason: 'unreachable', cure: 'try_later', errcode: null };
    if (typeof reply.body.openid !== 'string' || reply.body.openid === '') {
      const failure = oauthFailureOf(reply.errcode);
      if (failure.cure === 'alarm') this.logger.error({ errcode: failure.errcode }, 'wechat.oauth.misconfigured');
      return failure;
    }
    return {
      kind: 'identified',
      openid: reply.body.openid,
      unionid: typeof reply.body.unionid === 'string' ? reply.body.unionid : null,
      snapshot: reply.body.is_snapshotuser === 1,
    };
  }

  private ask(code: string) {
    const { appId, appSecret } = this.config.wechat;
    return this.client.get('/sns/oauth2/access_token', {
      appid: appId,
      secret: appSecret,
      code,
      grant_type: 'authorization_code',
    });
  }

  /** The first to bring a code may exchange it; the unique key decides between parallel callbacks. */
  private async claim(code: string): Promise<boolean> {
    const hash = createHash('sha256').update(code).digest();
    try {
      await this.unitOfWork.run((tx) =>
        tx.execute('INSERT INTO oauth_codes (code_hash, seen_at) VALUES (?, UTC_TIMESTAMP(6))', [hash]),
      );
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }
}
