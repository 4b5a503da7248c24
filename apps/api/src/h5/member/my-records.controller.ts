import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { TierBenefits } from '@app/campaigns';
import { Rejected } from '@app/kernel';
import { isTier, MyTier, ScanHistory, tierName } from '@app/members';
import { PageQuery } from '../../edge/page.dto';
import { MemberSession } from '../sign-in/member-session';
import type { MyTierDto, PastScanPageDto } from './my-records.dto';

/** What a member looks back at, and where it stands. */
@ApiTags('h5')
@Controller('v1/h5/me')
export class MyRecordsController {
  constructor(
    private readonly session: MemberSession,
    private readonly tiers: MyTier,
    private readonly benefits: TierBenefits,
    private readonly history: ScanHistory,
  ) {}

  /** Tier, the lines of the month, and what running campaigns give for it. */
  @Get('tier')
  async tier(@Req() request: FastifyRequest): Promise<MyTierDto> {
    const view = await this.tiers.of(this.session.require(request));
    if (!view) throw new Rejected('no_session', '请先在微信里登录', 401);
    const { tier: key, lines, ...rest } = view;
    return {
      ...rest,
      key,
      lines: lines.map(({ tier, ...line }) => ({ key: tier, ...line })),
      benefits: (await this.benefits.now()).map(({ tiers, until, ...benefit }) => ({
        ...benefit,
        tiers: tiers.filter(isTier).map(tierName),
        mine: tiers.includes(key),
        until: until.toISOString(),
      })),
    };
  }

  /** One's own scans, newest first. Of somebody with more than 500 the newest may be missing for a minute. */
  @Get('scans')
  async scans(@Req() request: FastifyRequest, @Query() page: PageQuery): Promise<PastScanPageDto> {
    const { items, nextCursor } = await this.history.page(this.session.require(request), page);
    return { items: items.map(({ at, ...scan }) => ({ ...scan, at: at.toISOString() })), nextCursor };
  }
}
