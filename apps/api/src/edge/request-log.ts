import type { FastifyInstance, FastifyRequest } from 'fastify';
import { systemRandom } from '@app/kernel';
import { counter, histogram, withCorrelation, type Logger } from '@app/observability';

const requests = counter('http_requests_total', 'Requests by route pattern', ['route', 'method', 'status'] as const);
const seconds = histogram('http_seconds', 'Time to answer a request', ['route'] as const);

const REQUEST_ID = /^[0-9A-Za-z_-]{8,64}$/;

/** The caller's `X-Request-Id` when it is harmless, else a new one. */
export function requestIdOf(request: { headers: Record<string, string | string[] | undefined> }): string {
  const given = request.headers['x-request-id'];
  if (typeof given === 'string' && REQUEST_ID.test(given)) return given;
  return Buffer.from(systemRandom.bytes(12)).toString('base64url');
}

/**
 * Names every request, ties the log lines of its story together, and writes one line and one measurement when it was answered. Only
 * the route's pattern is told, never the path: a path holds a code, and who reads a code may claim it.
 */
export function logRequests(instance: FastifyInstance, log: Logger): void {
  instance.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
  // After the body was read: the reading would lose the context that a hook before it opens.
  instance.addHook('preHandler', (request, _reply, done) => {
    withCorrelation({ requestId: request.id }, done);
  });
  instance.addHook('onResponse', (request, reply, done) => {
    const route = routeOf(request);
    const status = reply.statusCode;
    const ms = Math.round(reply.elapsedTime * 10) / 10;
    requests.inc({ route, method: request.method, status: String(status) });
    seconds.observe({ route }, reply.elapsedTime / 1000);
    log.info({ requestId: request.id, method: request.method, route, status, ms }, 'request');
    done();
  });
}

/** A closed set: the patterns we serve, and one word for everything else. */
function routeOf(request: FastifyRequest): string {
  return request.is404 ? 'none' : (request.routeOptions.url ?? 'none');
}
