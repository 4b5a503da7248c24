import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '@app/config';
import { Sessions, type Operator } from '@app/staff';
import { cookieOf, setCookie, type CookieOptions } from '../edge/cookies';

export const CONSOLE_COOKIE = 'yima_console';

/** The console's session lives in the database; the browser holds its token in a cookie that no script can read. */
@Injectable()
export class ConsoleSession {
  private readonly options: CookieOptions;

  constructor(
    @Inject(CONFIG) { http }: Config,
    private readonly sessions: Sessions,
  ) {
    this.options = {
      path: '/v1/console',
      httpOnly: true,
      sameSite: 'strict',
      secure: http.publicUrl.startsWith('https:'),
    };
  }

  async operatorOf(request: FastifyRequest): Promise<Operator | null> {
    const token = cookieOf(request, CONSOLE_COOKIE);
    return token === null ? null : this.sessions.authenticate(token);
  }

  /** Whether somebody is still signed in, asked by a page that only watches. */
  async watcherOf(request: FastifyRequest): Promise<Operator | null> {
    const token = cookieOf(request, CONSOLE_COOKIE);
    return token === null ? null : this.sessions.stillOpen(token);
  }

  /** Of this browser; null when it has none. */
  tokenOf(request: FastifyRequest): string | null {
    return cookieOf(request, CONSOLE_COOKIE);
  }

  start(reply: FastifyReply, token: string): void {
    setCookie(reply, CONSOLE_COOKIE, token, this.options);
  }

  async end(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const token = cookieOf(request, CONSOLE_COOKIE);
    if (token !== null) await this.sessions.logout(token);
    setCookie(reply, CONSOLE_COOKIE, null, this.options);
  }
}
