import { Controller, Delete, Get, HttpCode, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { MemberId } from '@app/kernel';
import { AskAuthorisation, AuthorisationViews, ChangeAuthorisation } from '@app/payouts';
import type { AuthorisationDto } from './authorisation.dto';
import { authorisationHint } from './authorisation-words';
import { MemberSession } from '../sign-in/member-session';

/** A member agrees once to be paid without a tap, and takes that back. */
@ApiTags('h5')
@Controller('v1/h5/authorisation')
export class AuthorisationController {
  constructor(
    private readonly session: MemberSession,
    private readonly views: AuthorisationViews,
    private readonly asking: AskAuthorisation,
    private readonly change: ChangeAuthorisation,
  ) {}

  @Get()
  look(@Req() request: FastifyRequest): Promise<AuthorisationDto> {
    return this.view(this.session.require(request));
  }

  /** Answer 202: look again until `state` is no longer `preparing`. 409 where this is not offered. */
  @Post()
  @HttpCode(202)
  async ask(@Req() request: FastifyRequest): Promise<AuthorisationDto> {
    const member = this.session.require(request);
    await this.asking.run(member);
    return this.view(member);
  }

  /** After WeChat's dialog closed, whatever it said: asks WeChat now. */
  @Post('refresh')
  @HttpCode(200)
  async refresh(@Req() request: FastifyRequest): Promise<AuthorisationDto> {
    const member = this.session.require(request);
    await this.change.lookAgain(member);
    return this.view(member);
  }

  /** Takes effect at once for what is paid from now on; `ending` until WeChat knows. */
  @Delete()
  @HttpCode(202)
  async end(@Req() request: FastifyRequest): Promise<AuthorisationDto> {
    const member = this.session.require(request);
    await this.change.end(member);
    return this.view(member);
  }

  private async view(member: MemberId): Promise<AuthorisationDto> {
    const { expiresAt, agreedAt, reach, ...rest } = await this.views.of(member);
    return {
      ...rest,
      hint: authorisationHint({ ...rest, reach }),
      expiresAt: expiresAt?.toISOString() ?? null,
      agreedAt: agreedAt?.toISOString() ?? null,
    };
  }
}
