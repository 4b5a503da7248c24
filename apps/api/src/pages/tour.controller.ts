import { Controller, Get, Inject, NotFoundException, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '@app/config';
import { Rejected, Transient } from '@app/kernel';
import { TourShell } from './tour-shell';

const LONGEST_MS = 10_000;

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

  @Post('upset')
  upset(@Req() request: FastifyRequest): Promise<unknown> {
    if (request.headers['x-requested-with'] !== 'yima') throw new Rejected('not_our_page', '请从导览页面操作', 403);
    return this.launcher('POST', '/upset');
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
