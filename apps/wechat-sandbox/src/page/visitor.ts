import type { FastifyReply, FastifyRequest } from 'fastify';
import { queryText } from '../web-server';
import type { SandboxUser } from '../world/event';
import type { World } from '../world/world';

const COOKIE = 'sandbox_user';
const LISTED = 30;

/** Which fake user this browser is: named in the address (and remembered), or remembered from before. */
export function visitor(request: FastifyRequest, reply: FastifyReply, world: World): SandboxUser | undefined {
  const named = world.users.get(queryText(request, COOKIE) ?? '');
  if (named !== undefined) {
    remember(reply, named.id);
    return named;
  }
  return world.users.get(remembered(request));
}

/** Same-site: the cookie also travels to the other ports of this host, where the JS stub needs it. */
export function remember(reply: FastifyReply, userId: string): void {
  reply.header(
    'set-cookie',
    `${COOKIE}=${encodeURIComponent(userId)}; Path=/; Max-Age=2592000; SameSite=Lax; HttpOnly`,
  );
}

export function remembered(request: FastifyRequest): string {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === COOKIE && value !== undefined) return decodeURIComponent(value);
  }
  return '';
}

/** The first users of the world, which are the ones it came with. */
export function listed(world: World): SandboxUser[] {
  return [...world.users.values()].slice(0, LISTED);
}

/** The address of this page with some query parameters set (a string) or dropped (undefined). */
export function here(request: FastifyRequest, changes: Record<string, string | undefined>): string {
  const url = new URL(request.raw.url ?? '/', 'http://sandbox');
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  return `${url.pathname}${url.search}`;
}
