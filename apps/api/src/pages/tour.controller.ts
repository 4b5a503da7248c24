import { Controller, Get, Inject, NotFoundException, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '@app/config';
import { Rejected, Transient } from '@app/kernel';
import { setCookie } from '../edge/cookies';
import { MemberSession } from '../h5/sign-in/member-session';
import { OAuthRound } from '../h5/sign-in/oauth-round';
import { TourShell } from './tour-shell';

const LONGEST_MS = 10_000;
const CODE_LIKE = /^[0-9A-Z]{17}$/;
const USER = /^[\w-]{1,32}$/;
const DAY_S = 86_400;

/**
 * The guided tour of a system on one machine: a phone on the left, the console on the right. What only the launcher can do (kill the worker,
 * empty Redis, look into WeChat's stand-in) is asked of the launcher; without one none of these routes exists.
 */
@ApiExcludeController()
@Controller('tour')
export class TourController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly shell: TourShell,
    private readonly session: MemberSession,
    private readonly rounds: OAuthRound,
  ) {}

  @Get()
  page(@Res() reply: FastifyReply): Promise<void> {
    if (this.config.tour === null) throw new NotFoundException();
    return this.shell.send(reply);
  }

  @Get('story')
  story(): Promise<unknown> {
    return this.launcher('GET', '/story');
  }

  @Get('wechat')
  wechat(): Promise<unknown> {
    return this.launcher('GET', '/wechat');
  }

  /** Change money of one of the tour's people. */
  @Get('wallets/:user')
  wallet(@Param('user') user: string): Promise<unknown> {
    if (!USER.test(user)) throw new NotFoundException();
    return this.launcher('GET', `/wallets/${user}`);
  }

  @Post('upset')
  upset(@Req() request: FastifyRequest): Promise<unknown> {
    if (request.headers['x-requested-with'] !== 'yima') throw new Rejected('not_our_page', '请从导览页面操作', 403);
    return this.launcher('POST', '/upset');
  }

  /** Another person takes the phone: the last one's session ends, and the bottle is opened as whoever the stand-in WeChat now says. */
  @Get('phone/:code')
  phone(@Param('code') code: string, @Res({ passthrough: true }) reply: FastifyReply): void {
    if (this.config.tour === null || !CODE_LIKE.test(code)) throw new NotFoundException();
    this.session.end(reply);
    this.rounds.forget(reply);
    setCookie(reply, 'yima_demo_wechat', '1', { path: '/', sameSite: 'lax', maxAge: DAY_S });
    void reply.redirect(`/${code}`, 302);
  }

  private async launcher(method: string, path: string): Promise<unknown> {
    const { tour } = this.config;
    if (tour === null) throw new NotFoundException();
    const signal = AbortSignal.timeout(LONGEST_MS);
    const answer = await fetch(tour.url + path, { method, headers: { 'x-tour-token': tour.token }, signal }).catch(
      (error: unknown) => {
        throw new Transient('the launcher does not answer', 2, { cause: error });
      },
    );
    if (!answer.ok) throw new Transient(`the launcher answered ${answer.status}`, 2);
    return answer.json();
  }
}
