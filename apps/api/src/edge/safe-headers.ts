import type { FastifyInstance } from 'fastify';

/** What every answer carries unless its route says otherwise: no sniffing, no framing, and no caches of what people asked. */
export function sendSafeHeaders(instance: FastifyInstance): void {
  instance.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-content-type-options', 'nosniff').header('x-frame-options', 'DENY');
    if (request.url.startsWith('/v1/')) void reply.header('cache-control', 'no-store');
    done();
  });
}
