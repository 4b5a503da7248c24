import { UnsupportedMediaTypeException } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Rejected } from '@app/kernel';

export const MOST_BODY_BYTES = 64 * 1024;

/** What a route may say about its body in Fastify's route config. */
declare module 'fastify' {
  interface FastifyContextConfig {
    /** The handler gets the bytes as they came: a signature is over them. */
    rawBody?: boolean;
    /** The handler gets text/plain as one string. */
    textBody?: boolean;
    /** The handler gets a picture's bytes as they came; what they are is for it to find out. */
    imageBody?: boolean;
  }
}

/**
 * The only bodies anybody may send are JSON, read by Fastify's own parser, which refuses keys that reach for a prototype. Routes
 * that say so get the bytes, or take plain text or a picture. An empty body counts as none.
 */
export function readBodies(instance: FastifyInstance): void {
  const parseJson = instance.getDefaultJsonParser('error', 'error');
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (request.routeOptions.config.rawBody) return done(null, body);
    if (body.length === 0) return done(null, undefined);
    return parseJson(request, body.toString('utf8'), (error, value) =>
      error ? done(new Rejected('bad_json', '请求内容不是合法的 JSON', 400)) : done(depthFault(value), value),
    );
  });
  instance.addContentTypeParser<string>('text/plain', { parseAs: 'string' }, (request, body, done) => {
    if (request.routeOptions.config.textBody) return done(null, body);
    return done(new UnsupportedMediaTypeException());
  });
  instance.addContentTypeParser<Buffer>(
    ['image/jpeg', 'image/png', 'image/webp'],
    { parseAs: 'buffer' },
    (request, body, done) => {
      if (request.routeOptions.config.imageBody) return done(null, body);
      return done(new UnsupportedMediaTypeException());
    },
  );
}

const DEEPEST = 64;

/** Nesting beyond what any document of ours has would exhaust the stack of whoever walks it. */
function depthFault(value: unknown): Rejected | null {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return new Rejected('too_deep', '请求内容嵌套太深', 400);
    level = level.flatMap((item) => (item !== null && typeof item === 'object' ? Object.values(item) : []));
  }
  return null;
}

/** Gives single routes another limit than the rest. Call it before any route is registered. */
export function limitBodies(instance: FastifyInstance, limits: Readonly<Record<string, number>>): void {
  instance.addHook('onRoute', (route) => {
    const limit = limits[route.url];
    if (limit !== undefined) route.bodyLimit = limit;
  });
}

export function rawBodyOf(request: FastifyRequest): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
}
