import { Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { AwardViews, ClaimAward } from '@app/rewards';
import type { AwardDto, AwardPageDto } from './awards.dto';
import { PageQuery } from '../edge/page.dto';
import { MemberSession } from './member-session';

/** A member's wins and where their money is. */
@ApiTags('h5')
@Controller('v1/h5/awards')
export class AwardsController {
  constructor(
    private readonly session: MemberSession,
    private readonly views: AwardViews,
    private readonly claimAward: ClaimAward,
  ) {}

  @Get()
  list(@Req() request: FastifyRequest, @Query() page: PageQuery): Promise<AwardPageDto> {
    return this.views.list(this.session.require(request), page);
  }

  @Get(':awardId')
  one(@Req() request: FastifyRequest, @Param('awardId') awardId: string): Promise<AwardDto> {
    return this.views.one(this.session.require(request), awardId);
  }

  /** The member taps 收款. Answer 202: poll the award until its state is no longer `preparing`. */
  @Post(':awardId/claim')
  @HttpCode(202)
  claim(@Req() request: FastifyRequest, @Param('awardId') awardId: string): Promise<AwardDto> {
    return this.claimAward.run(this.session.require(request), awardId);
  }

  /** After WeChat's dialog closed, whatever it said: asks WeChat now. */
  @Post(':awardId/refresh')
  @HttpCode(200)
  refresh(@Req() request: FastifyRequest, @Param('awardId') awardId: string): Promise<AwardDto> {
    return this.claimAward.refresh(this.session.require(request), awardId);
  }
}
