import { Body, Controller, Get, Inject, Put, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '@app/config';
import { Rejected } from '@app/kernel';
import { MemberDirectory, MemberNickname, type MemberProfile } from '@app/members';
import { regionWords } from '@app/regions';
import { JsSdk } from '@app/wechat';
import { MemberSession } from '../sign-in/member-session';
import {
  ChangeNicknameDto,
  type BootDto,
  type JsConfigDto,
  type MeDto,
  type NicknameDto,
  type SessionDto,
} from './member.dto';
import { PrivacyLimits } from './privacy-limits';
import { JsConfigQuery } from '../sign-in/sign-in.dto';

/** What the page must know first, and what a member may know of himself. */
@ApiTags('h5')
@Controller('v1/h5')
export class MemberController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly session: MemberSession,
    private readonly limits: PrivacyLimits,
    private readonly members: MemberDirectory,
    private readonly nicknames: MemberNickname,
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
    const { memberId, tier } = await this.profile(request);
    return { member: { tier: { key: tier.key, name: tier.name }, nickname: await this.nicknames.of(memberId) } };
  }

  @Get('me')
  async me(@Req() request: FastifyRequest): Promise<MeDto> {
    const { memberId, createdAt, tier, spendFen, scans, wins, receivedFen, lastAdcode } = await this.profile(request);
    const lastCity = lastAdcode === null ? null : regionWords(lastAdcode);
    const since = createdAt.toISOString();
    const sums = { spendFen, scans, wins, receivedFen };
    const nickname = await this.nicknames.of(memberId);
    return { nickname, since, tier: { key: tier.key, name: tier.name }, ...sums, lastCity };
  }

  /** What the member wants to be called, as it is kept; null takes it away. 422 `bad_nickname` with what is wrong with it. */
  @Put('me/nickname')
  async changeNickname(@Req() request: FastifyRequest, @Body() { nickname }: ChangeNicknameDto): Promise<NicknameDto> {
    const member = this.limits.admitNickname(this.session.require(request));
    return { nickname: await this.nicknames.change(member, nickname) };
  }

  private async profile(request: FastifyRequest): Promise<MemberProfile> {
    const profile = await this.members.own(this.session.require(request));
    if (!profile) throw new Rejected('no_session', '请先在微信里登录', 401);
    return profile;
  }
}
