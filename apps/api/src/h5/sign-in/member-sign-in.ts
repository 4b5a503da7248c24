import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '@app/config';
import { SignIn } from '@app/members';
import { counter, LOGGER, type Logger } from '@app/observability';
import { Followers, WechatOAuth, type OAuthExchange } from '@app/wechat';
import { MemberSession } from './member-session';
import { OAuthRound } from './oauth-round';
import { returnPath } from './return-path';

const HOME = '/h5/wallet';
/** How long the way to a page may take longer to learn whether somebody follows the account. */
const FOLLOWS_BOUND_MS = 800;
const outcomes = counter('h5_sign_ins_total', 'Sign-in rounds by outcome', ['outcome'] as const);

type SorryReason = 'oauth_denied' | 'oauth_loop' | 'snapshot' | 'wechat_busy';

/** The way from a bottle's page to a session. Each step answers the address where the browser goes next. */
@Injectable()
export class MemberSignIn {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly log: Logger,
    private readonly oauth: WechatOAuth,
    private readonly followers: Followers,
    private readonly members: SignIn,
    private readonly session: MemberSession,
    private readonly round: OAuthRound,
  ) {}

  /** To WeChat. Throws Rejected for a return path that leaves this site. */
  start(request: FastifyRequest, reply: FastifyReply, back: string): string {
    const path = returnPath(back);
    const state = this.round.begin(request, reply, path, seconds());
    if (state === null) return this.sorry('oauth_loop', path);
    const redirectUri = `${this.originOf(request)}/v1/h5/oauth/callback`;
    return this.oauth.authorizeUrl({ redirectUri, state });
  }

  /** Back from WeChat. A code is exchanged at most once, and only for the browser that began the round. */
  async finish(
    request: FastifyRequest,
    reply: FastifyReply,
    { code, state }: { code?: string; state: string },
  ): Promise<string> {
    const { genuine, back } = this.round.end(request, reply, state, seconds());
    const path = back ?? HOME;
    // Back button or reload after a good round: the session is there, nothing needs to be asked again.
    if (!genuine) return this.session.of(request) === null ? this.sorry('oauth_denied', path) : path;
    if (code === undefined) return this.sorry('oauth_denied', path);
    const exchange = await this.oauth.exchangeOAuthCode(code);
    if (exchange.kind === 'failed') return this.unidentified(exchange, path);
    if (exchange.snapshot) return this.sorry('snapshot', path);
    const follows = await this.followers.follows(exchange.openid, FOLLOWS_BOUND_MS);
    this.session.start(reply, await this.members.run({ ...exchange, follows }));
    outcomes.inc({ outcome: 'signed_in' });
    return path;
  }

  private unidentified({ cure, reason }: Extract<OAuthExchange, { kind: 'failed' }>, path: string): string {
    this.log.warn({ reason }, 'h5.sign_in.failed');
    if (cure !== 'authorize_again') return this.sorry('wechat_busy', path);
    outcomes.inc({ outcome: 'again' });
    return `/v1/h5/oauth/start?return=${encodeURIComponent(path)}`;
  }

  private sorry(reason: SorryReason, back: string): string {
    outcomes.inc({ outcome: reason });
    return `/h5/sorry?reason=${reason}&return=${encodeURIComponent(back)}`;
  }

  /**
   * The origin that the browser is on, because its cookies live there. Production knows exactly two; on one machine a phone and the
   * browser beside it reach the same server by different names.
   */
  private originOf(request: FastifyRequest): string {
    const { publicUrl, codeHostUrl } = this.config.http;
    const known = [publicUrl, codeHostUrl].find((url) => new URL(url).host === request.host);
    if (known !== undefined) return known;
    const harmless = /^[0-9A-Za-z.:[\]-]{1,255}$/.test(request.host);
    return this.config.profile !== 'production' && harmless ? `http://${request.host}` : publicUrl;
  }
}

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}
