import { Controller, Delete, Get, HttpCode, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { MemberId } from '@app/kernel';
import { AskAuthorisation, AuthorisationViews, ChangeAuthorisation, type AuthorisationStanding } from '@app/payouts';
import type { AuthorisationDto } from './authorisation.dto';
import { MemberSession } from '../sign-in/member-session';

const HINTS: Readonly<Record<AuthorisationStanding, string | null>> = {
  off: null,
  preparing: '正在向微信申请，请稍等',
  confirm: '请在微信的页面里同意，之后奖励自动到零钱',
  on: '已开通：奖励自动存入微信零钱，随时可以关闭',
  ending: '正在关闭，之后每笔奖励会先请你确认',
  unavailable: '微信暂时不能开通，奖励仍可点收款领取',
};

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
    const { expiresAt, agreedAt, ...rest } = await this.views.of(member);
    return {
      ...rest,
      hint: HINTS[rest.state],
      expiresAt: expiresAt?.toISOString() ?? null,
      agreedAt: agreedAt?.toISOString() ?? null,
    };
  }
}
