import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Answer, Exchange } from '../control/exchange';
import type { FaultScope } from '../control/faults';
import type { Settings } from '../settings';
import { jsonBody, queryText } from '../web-server';
import type { IssuedToken } from '../world/event';
import type { Store } from '../world/store';
import { ApiWire } from './api-wire';
import type { AppTokens } from './app-tokens';

const wire = new ApiWire('application/json; encoding=utf-8');

const stableRequest = z.object({
  grant_type: z.string().optional(),
  appid: z.string().optional(),
  secret: z.string().optional(),
  force_refresh: z.boolean().default(false),
});

export interface TokenParts {
  store: Store;
  settings: Settings;
  tokens: AppTokens;
  exchange: Exchange;
}

/** cgi-bin/*: token, stable_token, ticket, and what the account knows of a person. */
export function tokenRoutes(app: FastifyInstance, { store, settings, tokens, exchange }: TokenParts): void {
  const on =
    (scope: FaultScope, act: (request: FastifyRequest) => Answer) => (request: FastifyRequest, reply: FastifyReply) =>
      exchange.run(scope, wire, request, reply, () => act(request));

  const credentials = (grantType?: string, appId?: string, secret?: string): Answer | undefined => {
    if (grantType !== 'client_credential') return wire.error(40002);
    if (appId === undefined) return wire.error(41002);
    if (secret === undefined) return wire.error(41004);
    if (appId !== settings.appId) return wire.error(40013);
    return secret === settings.appSecret ? undefined : wire.error(40001);
  };
  const granted = (token: IssuedToken): Answer =>
    wire.answer({
      access_token: token.value,
      expires_in: Math.floor((token.expiresAt - store.wallNow()) / 1_000),
    });

  app.get(
    '/cgi-bin/token',
    on('token', (request) => {
      const [grant, appId, secret] = ['grant_type', 'appid', 'secret'].map((name) => queryText(request, name));
      return credentials(grant, appId, secret) ?? granted(tokens.fresh());
    }),
  );
  app.post(
    '/cgi-bin/stable_token',
    on('token', (request) => {
      const asked = stableRequest.safeParse(jsonBody(request));
      if (!asked.success) return wire.error(40002);
      const { grant_type, appid, secret, force_refresh } = asked.data;
      const refused = credentials(grant_type, appid, secret);
      if (refused !== undefined) return refused;
      const token = force_refresh ? tokens.forced() : tokens.stable();
      return token === undefined ? wire.error(45009) : granted(token);
    }),
  );
  app.get(
    '/cgi-bin/user/info',
    on('user.info', (request) => {
      const token = queryText(request, 'access_token');
      if (token === undefined) return wire.error(41001);
      const check = tokens.check(token);
      if (check !== 'ok') return wire.error(check === 'expired' ? 42001 : 40001);
      const openid = queryText(request, 'openid') ?? '';
      const user = store.world.users.get(store.world.whoIs(openid)?.userId ?? '');
      if (user === undefined) return wire.error(40003);
      // Of somebody who does not follow WeChat tells nothing but that.
      return wire.answer({
        subscribe: user.follows === true ? 1 : 0,
        openid,
        ...(user.follows ? { language: 'zh_CN' } : {}),
      });
    }),
  );
  app.get(
    '/cgi-bin/ticket/getticket',
    on('ticket', (request) => {
      const token = queryText(request, 'access_token');
      if (token === undefined) return wire.error(41001);
      const check = tokens.check(token);
      if (check !== 'ok') return wire.error(check === 'expired' ? 42001 : 40001);
      if (queryText(request, 'type') !== 'jsapi') return wire.error(40002);
      const ticket = tokens.ticket();
      return wire.answer({ errcode: 0, errmsg: 'ok', ticket: ticket.value, expires_in: 7_200 });
    }),
  );
}
