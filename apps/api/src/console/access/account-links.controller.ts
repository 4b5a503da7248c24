import { Body, HttpCode, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Rejected } from '@app/kernel';
import { OpenAccountLink } from '@app/staff';
import { ClientAddress } from '../../edge/client-address';
import { RateLimit } from '../../edge/rate-limit';
import { LinkGreetingDto, LinkTokenDto, LinkUsedDto, UseLinkDto } from './account-links.dto';
import { ConsoleController } from '../console-controller';

const PER_MINUTE = 20;

/** What somebody does with a one-time link, before anybody is signed in. The token travels in the body, so that no log keeps it. */
@ConsoleController('links')
export class AccountLinksController {
  private readonly attempts = new RateLimit(PER_MINUTE);

  constructor(
    private readonly links: OpenAccountLink,
    private readonly addresses: ClientAddress,
  ) {}

  @Post('read')
  @HttpCode(200)
  read(@Body() { token }: LinkTokenDto, @Req() request: FastifyRequest): Promise<LinkGreetingDto> {
    this.take(request);
    return this.links.read(token);
  }

  @Post('use')
  @HttpCode(200)
  use(@Body() { token, password }: UseLinkDto, @Req() request: FastifyRequest): Promise<LinkUsedDto> {
    this.take(request);
    return this.links.use(token, password);
  }

  private take(request: FastifyRequest): void {
    const wait = this.attempts.take(this.addresses.of(request) ?? 'unknown', performance.now());
    if (wait > 0) throw new Rejected('too_fast', '操作太频繁，请稍后再试', 429, { retryAfterSeconds: wait });
  }
}
