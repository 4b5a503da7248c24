import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Answer, Exchange } from '../control/exchange';
import type { Settings } from '../settings';
import { queryText } from '../web-server';
import type { SandboxUser } from '../world/event';
import type { Identity } from '../world/identity';
import type { Store } from '../world/store';
import { ApiWire } from './api-wire';
import type { OauthCodes, OauthScope } from './oauth-codes';

const ACCESS_SECONDS = 7_200;
const REFRESH_SECONDS = 30 * 86_400;
const CODE_ERRORS = { invalid: 40029, used: 40163, expired: 42003 } as const;

interface Grant {
  user: SandboxUser;
  scope: OauthScope;
}

export interface OauthParts {
  store: Store;
  settings: Settings;
  identity: Identity;
  codes: OauthCodes;
  exchange: Exchange;
  openOrigin: () => string;
}

// The real endpoints answer JSON labelled text/plain: a caller that trusts the label is wrong.
const wire = new ApiWire('text/plain');

/** sns/*: code → token, refresh, userinfo, auth. Tokens are sealed documents, so nothing has to be kept. */
export function oauthRoutes(app: FastifyInstance, parts: OauthParts): void {
  const { exchange } = parts;
  const routes: Record<string, (request: FastifyRequest, parts: OauthParts) => Answer> = {
    '/sns/oauth2/access_token': redeem,
    '/sns/oauth2/refresh_token': refresh,
    '/sns/userinfo': userinfo,
    '/sns/auth': auth,
  };
  for (const [path, act] of Object.entries(routes)) {
    app.get(path, (request, reply) => exchange.run('oauth', wire, request, reply, () => act(request, parts)));
  }
}

function redeem(request: FastifyRequest, parts: OauthParts): Answer {
  const { settings, codes, store } = parts;
  const appId = queryText(request, 'appid');
  const secret = queryText(request, 'secret');
  const code = queryText(request, 'code');
  if (appId === undefined) return wire.error(41002);
  if (secret === undefined) return wire.error(41004);
  if (code === undefined) return wire.error(41008);
  if (queryText(request, 'grant_type') !== 'authorization_code') return wire.error(40002);
  if (appId !== settings.appId) return wire.error(40013);
  if (secret !== settings.appSecret) return wire.error(40001);
  const redeemed = codes.redeem(code, appId, store.wallNow());
  if (redeemed.kind !== 'ok') return wire.error(CODE_ERRORS[redeemed.kind]);
  const user = store.world.users.get(redeemed.userId);
  if (user === undefined) return wire.error(40029);
  request.note = { userId: user.id };
  return wire.answer(tokens({ user, scope: redeemed.scope }, parts));
}

function refresh(request: FastifyRequest, parts: OauthParts): Answer {
  if (queryText(request, 'appid') !== parts.settings.appId) return wire.error(40013);
  if (queryText(request, 'grant_type') !== 'refresh_token') return wire.error(40002);
  const grant = open(request, 'refresh_token', 'refresh', parts);
  if (grant === 'invalid') return wire.error(40030);
  if (grant === 'expired') return wire.error(42002);
  return wire.answer(tokens(grant, parts));
}

function userinfo(request: FastifyRequest, parts: OauthParts): Answer {
  const grant = openAccess(request, parts);
  if ('status' in grant) return grant;
  const { user, scope } = grant;
  if (scope !== 'snsapi_userinfo' || user.snapshot === true) return wire.error(48001);
  return wire.answer({
    openid: parts.store.world.openidOf(user),
    nickname: user.nickname,
    sex: 0,
    language: '',
    city: '',
    province: '',
    country: '',
    headimgurl: `${parts.openOrigin()}/avatar/${encodeURIComponent(user.id)}.svg`,
    privilege: [],
    ...(user.unionid === undefined ? {} : { unionid: user.unionid }),
  });
}

function auth(request: FastifyRequest, parts: OauthParts): Answer {
  const grant = openAccess(request, parts);
  return 'status' in grant ? grant : wire.answer({ errcode: 0, errmsg: 'ok' });
}

function openAccess(request: FastifyRequest, parts: OauthParts): Grant | Answer {
  if (queryText(request, 'access_token') === undefined) return wire.error(41001);
  const grant = open(request, 'access_token', 'access', parts);
  if (grant === 'invalid') return wire.error(40001);
  if (grant === 'expired') return wire.error(42001);
  if (queryText(request, 'openid') !== parts.store.world.openidOf(grant.user)) return wire.error(40003);
  return grant;
}

function tokens({ user, scope }: Grant, { identity, store, settings }: OauthParts): object {
  const issue = (purpose: string, seconds: number): string =>
    identity.seal(purpose, { a: settings.appId, u: user.id, s: scope, x: store.wallNow() + seconds * 1_000 });
  return {
    access_token: issue('access', ACCESS_SECONDS),
    expires_in: ACCESS_SECONDS,
    refresh_token: issue('refresh', REFRESH_SECONDS),
    openid: store.world.openidOf(user),
    scope,
    ...(user.snapshot === true ? { is_snapshotuser: 1 } : {}),
    ...(scope === 'snsapi_userinfo' && user.snapshot !== true && user.unionid !== undefined
      ? { unionid: user.unionid }
      : {}),
  };
}

function open(
  request: FastifyRequest,
  parameter: string,
  purpose: 'access' | 'refresh',
  { identity, store, settings }: OauthParts,
): Grant | 'invalid' | 'expired' {
  const document = identity.unseal(purpose, queryText(request, parameter) ?? '');
  const user = store.world.users.get(String(document?.['u']));
  if (document === undefined || user === undefined || document['a'] !== settings.appId) return 'invalid';
  if (Number(document['x']) <= store.wallNow()) return 'expired';
  return { user, scope: document['s'] as OauthScope };
}
