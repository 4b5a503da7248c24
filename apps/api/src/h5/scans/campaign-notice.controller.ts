import { Controller, Get, Header, Param, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { CampaignNotices, DealProofs } from '@app/campaigns';
import { MyDealtCodes } from '@app/scans';
import { ClientAddress } from '../../edge/client-address';
import { IdPipe } from '../../edge/id.pipe';
import { MemberSession } from '../sign-in/member-session';
import type { CampaignNoticeDto, DealProofDto, DealtCodesDto } from './campaign-notice.dto';
import { NoticeLimits } from './notice-limits';

/** What the law wants everybody to be able to read of a campaign; nobody need be signed in. */
@ApiTags('h5')
@Controller('v1/h5/campaigns')
export class CampaignNoticeController {
  constructor(
    private readonly addresses: ClientAddress,
    private readonly limits: NoticeLimits,
    private readonly notices: CampaignNotices,
    private readonly proofs: DealProofs,
  ) {}

  /** 规则公示, told from the version that decides. */
  @Get(':id/notice')
  @Header('cache-control', 'public, max-age=30')
  notice(@Req() request: FastifyRequest, @Param('id', IdPipe) id: number): Promise<CampaignNoticeDto> {
    this.limits.admit(this.addresses.of(request));
    return this.notices.of(id);
  }

  /** Commitments of prizes that were dealt, and after the end the seeds, with how to recompute both. */
  @Get(':id/proof')
  @Header('cache-control', 'public, max-age=30')
  proof(@Req() request: FastifyRequest, @Param('id', IdPipe) id: number): Promise<DealProofDto> {
    this.limits.admit(this.addresses.of(request));
    return this.proofs.of(id);
  }
}

/** What a signed-in person can check of their own bottles, on its own class so that each needs few things. */
@ApiTags('h5')
@Controller('v1/h5/campaigns')
export class DealtCodesController {
  constructor(
    private readonly session: MemberSession,
    private readonly addresses: ClientAddress,
    private readonly limits: NoticeLimits,
    private readonly codes: MyDealtCodes,
  ) {}

  /** The codes this member opened that were dealt their prize, the latest 50; none before the seeds are opened. */
  @Get(':id/proof/codes')
  async mine(@Req() request: FastifyRequest, @Param('id', IdPipe) id: number): Promise<DealtCodesDto> {
    const member = this.session.require(request);
    this.limits.admit(this.addresses.of(request));
    return { items: await this.codes.run(member, id) };
  }
}
