import { Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ClaimPool, MoneyOverviews } from '@app/rewards';
import type { MoneyDto } from './money.dto';
import { MemberSession } from '../sign-in/member-session';

/** Where a member's money is, and the small amounts that gather. */
@ApiTags('h5')
@Controller('v1/h5/money')
export class MoneyController {
  constructor(
    private readonly session: MemberSession,
    private readonly overviews: MoneyOverviews,
    private readonly claimPool: ClaimPool,
  ) {}

  @Get()
  look(@Req() request: FastifyRequest): Promise<MoneyDto> {
    return this.overviews.of(this.session.require(request));
  }

  /** One tap pays all that has gathered. Answer 202: look again until the pool is no longer `preparing`. 409 when it is too little yet. */
  @Post('pools/:poolId/claim')
  @HttpCode(202)
  async claim(@Req() request: FastifyRequest, @Param('poolId') poolId: string): Promise<MoneyDto> {
    const member = this.session.require(request);
    await this.claimPool.run(member, poolId);
    return this.overviews.of(member);
  }

  /** After WeChat's dialog closed, whatever it said: asks WeChat now. */
  @Post('pools/:poolId/refresh')
  @HttpCode(200)
  async refresh(@Req() request: FastifyRequest, @Param('poolId') poolId: string): Promise<MoneyDto> {
    const member = this.session.require(request);
    await this.claimPool.refresh(member, poolId);
    return this.overviews.of(member);
  }
}
