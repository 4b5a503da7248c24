import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { AppTokens } from '../login/app-tokens';
import type { Settings } from '../settings';
import { jsonBody } from '../web-server';
import type { SandboxUser } from '../world/event';
import type { World } from '../world/world';
import { toWgs84 } from './gcj02';
import { jweixin, type StubVisitor } from './jweixin';
import { remembered } from './visitor';

const configRequest = z.object({
  appId: z.string(),
  timestamp: z.union([z.string(), z.number()]),
  nonceStr: z.string(),
  signature: z.string(),
  url: z.string(),
});

export interface JsParts {
  world: World;
  settings: Settings;
  tokens: AppTokens;
  openOrigin: () => string;
  jsOrigin: () => string;
}

/** sha1 over the four values in WeChat's order, raw and unescaped. */
export function jsSignature(ticket: string, nonceStr: string, timestamp: string, url: string): string {
  return createHash('sha1')
    .update(`jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${url}`, 'utf8')
    .digest('hex');
}

/** res.wx.qq.com: the script, made for the visitor who asks, and the check behind wx.config. */
export function jsRoutes(app: FastifyInstance, { world, settings, tokens, openOrigin, jsOrigin }: JsParts): void {
  app.get('/open/js/jweixin-1.6.0.js', (request, reply) => {
    const user = world.users.get(remembered(request));
    return reply
      .header('content-type', 'application/javascript; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(jweixin({ openOrigin: openOrigin(), jsOrigin: jsOrigin(), visitor: user && stubVisitor(user) }));
  });

  // A plain-text body needs no preflight; the answer tells nothing but the verdict.
  app.post('/sandbox/config', (request, reply) => {
    const asked = configRequest.safeParse(jsonBody(request));
    const problem = asked.success ? configProblem(asked.data, settings, tokens) : 'config:fail, invalid parameter';
    return reply.header('access-control-allow-origin', '*').send({ errMsg: problem ?? 'config:ok' });
  });
}

function configProblem(
  asked: z.infer<typeof configRequest>,
  settings: Settings,
  tokens: AppTokens,
): string | undefined {
  if (asked.appId !== settings.appId) return 'config:fail, invalid appid';
  const url = URL.canParse(asked.url) ? new URL(asked.url) : undefined;
  if (url === undefined || asked.url.includes('#')) return 'config:fail, invalid url';
  const covered = settings.jsDomains.some(
    (domain) => url.host === domain || url.hostname === domain || url.hostname.endsWith(`.${domain}`),
  );
  if (!covered) return 'config:fail, invalid url domain';
  const ticket = tokens.currentTicket();
  const good =
    ticket !== undefined && jsSignature(ticket, asked.nonceStr, String(asked.timestamp), asked.url) === asked.signature;
  return good ? undefined : 'config:fail, invalid signature';
}

function stubVisitor(user: SandboxUser): StubVisitor {
  return {
    ip: user.ip,
    deniesLocation: user.deniesLocation === true,
    gcj02: { latitude: user.latitude, longitude: user.longitude },
    wgs84: toWgs84(user.latitude, user.longitude),
  };
}
