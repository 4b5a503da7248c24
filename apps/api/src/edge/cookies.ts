import { parseCookie, stringifySetCookie, type SetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** One cookie of a request; parsed only when asked for, because most requests need one or none. */
export function cookieOf(request: FastifyRequest, name: string): string | null {
  const { cookie } = request.headers;
  if (cookie === undefined || !cookie.includes(name)) return null;
  return parseCookie(cookie)[name] ?? null;
}

export type CookieOptions = Omit<SetCookie, 'name' | 'value'>;

/** Adds a cookie to the answer; `null` takes it away from the browser. */
export function setCookie(reply: FastifyReply, name: string, value: string | null, options: CookieOptions): void {
  const settings = value === null ? { ...options, maxAge: 0 } : options;
  reply.header('set-cookie', stringifySetCookie({ name, value: value ?? '', ...settings }));
}
