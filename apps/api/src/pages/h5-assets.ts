import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import type { Logger } from '@app/observability';

/** The built files of the page: their names hold a hash of their content, so a browser may keep them for ever. */
export async function serveH5Assets(instance: FastifyInstance, h5Dir: string, log: Logger): Promise<void> {
  const root = resolve(h5Dir, 'assets');
  if (!existsSync(root)) {
    log.warn({ h5Dir }, 'the H5 page is not built');
    return;
  }
  await instance.register(fastifyStatic, {
    root,
    prefix: '/h5/assets/',
    decorateReply: false,
    index: false,
    immutable: true,
    maxAge: '365d',
    setHeaders: (reply) => void reply.header('x-content-type-options', 'nosniff'),
  });
  instance.get('/h5/favicon.svg', async (_request, reply) =>
    reply
      .header('content-type', 'image/svg+xml')
      .header('cache-control', 'public, max-age=86400')
      .send(await readFile(join(h5Dir, 'favicon.svg'))),
  );
}
