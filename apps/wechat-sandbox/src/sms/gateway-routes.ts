import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Answer, Exchange, FailureKind, Wire } from '../control/exchange';
import { jsonBody } from '../web-server';
import type { Inbox } from './inbox';

const messageSchema = z.object({
  messageId: z.string().regex(/^[0-9A-Za-z-]{1,64}$/),
  to: z.string().regex(/^\+861[3-9]\d{9}$/),
  text: z.string().min(1).max(500),
});

/** A number with this ending is refused for good, as a gateway refuses a number that does not exist. */
const DEAD_ENDING = '0000';
const HEADERS = { 'content-type': 'application/json; charset=utf-8' };
const STATUS_OF: Record<FailureKind, number> = {
  system_error: 500,
  not_enough: 402,
  rate_limited: 429,
  unknown_code: 500,
  not_found: 404,
};

function answer(status: number, body: object): Answer {
  return { status, body: JSON.stringify(body), headers: HEADERS };
}

const wire: Wire = {
  failure: (kind, code) => answer(STATUS_OF[kind], { error: code ?? kind }),
  seal: (sealed) => sealed,
};

/** Not WeChat's: an operator that sends text messages. It stands here because people need one stand-in to start, not two. */
export function smsRoutes(
  app: FastifyInstance,
  { inbox, exchange, token }: { inbox: Inbox; exchange: Exchange; token: string | undefined },
): void {
  app.post('/sms/messages', (request, reply) =>
    exchange.run('sms', wire, request, reply, () => {
      if (token !== undefined && !knows(request, token)) return answer(403, { error: 'unknown sender' });
      const asked = messageSchema.safeParse(jsonBody(request));
      if (!asked.success) return answer(422, { error: z.prettifyError(asked.error) });
      if (asked.data.to.endsWith(DEAD_ENDING)) return answer(410, { error: 'no such number' });
      const { id } = inbox.deliver(asked.data, new Date());
      return answer(202, { id });
    }),
  );
}

function knows(request: FastifyRequest, token: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? '');
  const expected = Buffer.from(`Bearer ${token}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
