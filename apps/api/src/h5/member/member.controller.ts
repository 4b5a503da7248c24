import { Controller, Get, Inject, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '@app/config';
import { Rejected } from '@app/kernel';
import { MemberDirectory, type MemberProfile } from '@app/members';
import { regionWords } from '@app/regions';
import { JsSdk } from '@app/wechat';
import { MemberSession } from '../sign-in/member-session';
import type { BootDto, JsConfigDto, MeDto, SessionDto } from './member.dto';
import { JsConfigQuery } from '../sign-in/sign-in.dto';

/** What the page must know first, and what a member may know of himself. */
@ApiTags('h5')
@Controller('v1/h5')
export class MemberController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly session: MemberSession,
    private readonly members: MemberDirectory,
    private readonly jsSdk: JsSdk,
  ) {}

  @Get('boot')
  boot(): BootDto {
    const { profile, wechat, brand } = this.config;
    return { profile, appId: wechat.appId, wechatJsUrl: wechat.jsUrl, brand };
  }

  @Get('js-config')
  jsConfig(@Query() { url }: JsConfigQuery): Promise<JsConfigDto> {
    return this.jsSdk.jsConfig(url);
  }

  @Get('session')
  async current(@Req() request: FastifyRequest): Promise<SessionDto> {
    const { tier } = await this.profile(request);
    return { member: { tier: { key: tier.key, name: tier.name }, nickname: null } };
  }

  @Get('me')
  async me(@Req() request: FastifyRequest): Promise<MeDto> {
    const { createdAt, tier, spendFen, scans, wins, receivedFen, lastAdcode } = await this.profile(request);
    const lastCity = lastAdcode === null ? null : regionWords(lastAdcode);
    const since = createdAt.toISOString();
    const sums = { spendFen, scans, wins, receivedFen };
    return { nickname: null, since, tier: { key: tier.key, name: tier.name }, ...sums, lastCity };
  }

  private async profile(request: FastifyRequest): Promise<MemberProfile> {
    const profile = await this.members.own(this.session.require(request));
    if (!profile) throw new Rejected('no_session', '请先在微信里登录', 401);
    return profile;
  }
}
