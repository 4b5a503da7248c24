import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ClerkDirectory, RedemptionList, SheetViews, type NamedLine, type RedemptionItem } from '@app/channel';
import { addDays, shanghaiDay, shanghaiDayStart } from '@app/kernel';
import { MemberDirectory } from '@app/members';
import { RedeemPrize } from '@app/rewards';
import { IdPipe } from '../../edge/id.pipe';
import { MemberSession } from '../sign-in/member-session';
import {
  PrizeTokenDto,
  RedeemDto,
  StoreRedemptionsQuery,
  StoreSettlementQuery,
  type PrizeAtStoreDto,
  type RedemptionDto,
  type StoreDayDto,
  type StoreSettlementDto,
  type StoreSettlementLineDto,
} from './store-clerk.dto';
import { StoreLimits } from './store-limits';

/** A store's clerk hands prizes over. Whose clerk somebody is follows from the session, never from the request. */
@ApiTags('h5')
@Controller('v1/h5/store/:storeId')
export class StoreRedemptionsController {
  constructor(
    private readonly session: MemberSession,
    private readonly members: MemberDirectory,
    private readonly clerks: ClerkDirectory,
    private readonly redeeming: RedeemPrize,
    private readonly list: RedemptionList,
    private readonly sheets: SheetViews,
    private readonly limits: StoreLimits,
  ) {}

  /** What a token stands for and whether it may be redeemed here; changes nothing. */
  @Post('prizes')
  @HttpCode(200)
  async look(
    @Req() request: FastifyRequest,
    @Param('storeId', IdPipe) storeId: number,
    @Body() { token }: PrizeTokenDto,
  ): Promise<PrizeAtStoreDto> {
    const member = this.session.require(request);
    this.limits.admit(member);
    const { wonAt, validUntil, ...prize } = await this.redeeming.look(member, { storeId, token });
    return { ...prize, wonAt: wonAt.toISOString(), validUntil: validUntil.toISOString() };
  }

  /** Redeems, once: 409 `already_redeemed` for whoever comes second. */
  @Post('redemptions')
  @HttpCode(200)
  async redeem(
    @Req() request: FastifyRequest,
    @Param('storeId', IdPipe) storeId: number,
    @Body() { token, requestId }: RedeemDto,
  ): Promise<RedemptionDto> {
    const member = this.session.require(request);
    this.limits.admit(member);
    return redemptionDto(await this.redeeming.run(member, { storeId, token, requestId }));
  }

  /** What the store handed over on a day, newest first. */
  @Get('redemptions')
  async day(
    @Req() request: FastifyRequest,
    @Param('storeId', IdPipe) storeId: number,
    @Query() { day = shanghaiDay(new Date()), limit, cursor }: StoreRedemptionsQuery,
  ): Promise<StoreDayDto> {
    await this.clerks.requirePost(await this.members.numbersOf(this.session.require(request)), storeId);
    const time = { from: shanghaiDayStart(day), to: shanghaiDayStart(addDays(day, 1)) };
    const [total, page] = await Promise.all([
      this.list.day(storeId, day),
      this.list.ofStore(storeId, time, { limit, cursor: cursor ?? null }),
    ]);
    return { day, ...total, items: page.items.map(redemptionDto), nextCursor: page.nextCursor };
  }

  /** What the brand owes the store for a month, by product. */
  @Get('settlement')
  async settlement(
    @Req() request: FastifyRequest,
    @Param('storeId', IdPipe) storeId: number,
    @Query() { month = shanghaiDay(new Date()).slice(0, 7) }: StoreSettlementQuery,
  ): Promise<StoreSettlementDto> {
    const numbers = await this.members.numbersOf(this.session.require(request));
    const { distributorId } = await this.clerks.requirePost(numbers, storeId);
    const { sheet, lines } = await this.sheets.ofStore(distributorId, storeId, month);
    return { month, closed: (sheet?.closedAt ?? null) !== null, lines: lines.map(settlementDto) };
  }
}

function settlementDto(line: NamedLine): StoreSettlementLineDto {
  const { productName, openingUnits, redeemedUnits, coPayFen, owedUnits } = line;
  const settledUnits = line.goodsUnits + line.moneyUnits + line.refusedUnits;
  return { productName, openingUnits, redeemedUnits, coPayFen, settledUnits, owedUnits };
}

function redemptionDto({ prizeName, productName, coPayFen, redeemedAt }: RedemptionItem): RedemptionDto {
  return { prizeName, productName, coPayFen, redeemedAt: redeemedAt.toISOString() };
}
