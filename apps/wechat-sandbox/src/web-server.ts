import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { publicPath, type CallBook } from './control/calls';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the call book notes about this request; never a secret. */
    note: Record<string, unknown> | undefined;
    /** The kind of fault that struck this request. */
    struckBy: string | undefined;
  }
}

export interface WebServerOptions {
  name: string;
  bodyLimit?: number;
  calls?: CallBook;
  makeServer?: (listener: RequestListener) => Server;
  log: (line: Record<string, unknown>) => void;
}

/** A Fastify instance that hands every body over as the raw text it came in: signatures are made over bytes, not over objects. */
export function webServer({ name, bodyLimit = 65_536, calls, makeServer, log }: WebServerOptions): FastifyInstance {
  const app = Fastify({
    bodyLimit,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 256 },
    serverFactory: (listener) => {
      const server = makeServer === undefined ? createServer(listener) : makeServer(listener);
      server.keepAliveTimeout = 65_000;
      return server;
    },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) log({ step: name, problem: error.stack ?? error.message });
    return reply.code(status).send({ message: error.message });
  });
  app.decorateRequest('note', undefined);
  app.decorateRequest('struckBy', undefined);
  if (calls !== undefined) {
    app.addHook('onRequest', (request, reply, done) => {
      noteWhenOver(name, calls, request, reply);
      done();
    });
  }
  return app;
}

function noteWhenOver(server: string, calls: CallBook, request: FastifyRequest, reply: FastifyReply): void {
  const startedAt = Date.now();
  reply.raw.once('close', () =>
    calls.add({
      at: new Date(startedAt).toISOString(),
      server,
      method: request.method,
      path: publicPath(request.raw.url ?? ''),
      // 0: the caller never got a whole answer.
      status: reply.raw.writableFinished ? reply.raw.statusCode : 0,
      ms: Date.now() - startedAt,
      fault: request.struckBy,
      note: request.note,
    }),
  );
}

/** Starts listening and returns the port, which matters when it was asked for as 0. */
export async function listen(app: FastifyInstance, host: string, port: number): Promise<number> {
  await app.listen({ host, port });
  return (app.server.address() as AddressInfo).port;
}

export function rawBody(request: FastifyRequest): string {
  return typeof request.body === 'string' ? request.body : '';
}

/** The JSON document in the body, `{}` for an empty one, undefined for anything else. */
export function jsonBody(request: FastifyRequest): unknown {
  try {
    return JSON.parse(rawBody(request) || '{}');
  } catch {
    return undefined;
  }
}

/** A query parameter that was given once and is not empty. */
export function queryText(request: FastifyRequest, name: string): string | undefined {
  const value = (request.query as Record<string, unknown>)[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
