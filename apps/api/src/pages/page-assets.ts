import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import type { Logger } from '@app/observability';

/** The built files of a web app under its prefix: their names hold a hash of their content, so a browser may keep them for ever. */
export async function servePageAssets(
  instance: FastifyInstance,
  { prefix, dir }: { readonly prefix: '/h5' | '/console'; readonly dir: string },
  log: Logger,
): Promise<void> {
  const root = resolve(dir, 'assets');
  if (!existsSync(root)) {
    log.warn({ dir }, 'a page is not built');
    return;
  }
  await instance.register(fastifyStatic, {
    root,
    prefix: `${prefix}/assets/`,
    decorateReply: false,
    index: false,
    // Beside each text the build lays its .br and .gz.
    preCompressed: true,
    immutable: true,
    maxAge: '365d',
    setHeaders: (reply) => void reply.header('x-content-type-options', 'nosniff'),
  });
  instance.get(`${prefix}/favicon.svg`, async (_request, reply) =>
    reply
      .header('content-type', 'image/svg+xml')
      .header('cache-control', 'public, max-age=86400')
      .send(await readFile(join(dir, 'favicon.svg'))),
  );
}
