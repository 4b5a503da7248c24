import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AwardViews, ClaimAward, GiveAddress, ShowPrize } from '@app/rewards';
import { AddressDto, type AwardDto, type AwardPageDto } from './awards.dto';
import { PageQuery } from '../../edge/page.dto';
import { MemberSession } from '../sign-in/member-session';

/** A member's wins and where they are. */
@ApiTags('h5')
@Controller('v1/h5/awards')
export class AwardsController {
  constructor(
    private readonly session: MemberSession,
    private readonly views: AwardViews,
    private readonly claimAward: ClaimAward,
    private readonly giveAddress: GiveAddress,
    private readonly showPrize: ShowPrize,
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

  /** Where goods are sent; may be called again until a shipment has taken the address. */
  @Post(':awardId/address')
  @HttpCode(200)
  address(
    @Req() request: FastifyRequest,
    @Param('awardId') awardId: string,
    @Body() { name, phone, adcode, detail }: AddressDto,
  ): Promise<AwardDto> {
    return this.giveAddress.run(this.session.require(request), awardId, { name, phone, adcode, detail });
  }

  /** The QR symbol of a coupon's code or of a redeem token. 404 for other prizes and for those whose time has passed. */
  @Get(':awardId/qr.svg')
  @ApiProduces('image/svg+xml')
  async qr(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('awardId') awardId: string,
  ): Promise<void> {
    const svg = await this.showPrize.run(this.session.require(request), awardId);
    await reply
      .header('content-type', 'image/svg+xml')
      .header('content-security-policy', "default-src 'none'")
      .send(svg);
  }
}
