import { Body, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import { CouponPoolList, couponLines, CreateCouponPool, ImportCoupons, MarkCouponPool } from '@app/rewards';
import type { Operator } from '@app/staff';
import { IdPipe } from '../../edge/id.pipe';
import { Audited } from '../audited';
import { ConsoleController, CurrentOperator } from '../console-controller';
import {
  CouponImportDto,
  CouponImportQuery,
  CouponPoolQuery,
  LowMarkDto,
  NewCouponPoolDto,
  type CouponImportReportDto,
  type CouponPoolDetailDto,
  type CouponPoolPageDto,
} from './coupon-pools.dto';
import { MadeDto } from '../made.dto';

/** 券码库: coupon codes bought or made elsewhere, given away one by one. No route shows a code. */
@ConsoleController('coupon-pools')
export class CouponPoolsController {
  constructor(
    private readonly pools: CouponPoolList,
    private readonly createPool: CreateCouponPool,
    private readonly markPool: MarkCouponPool,
    private readonly importCoupons: ImportCoupons,
    private readonly audited: Audited,
  ) {}

  @Get()
  list(@Query() { low, ...page }: CouponPoolQuery): Promise<CouponPoolPageDto> {
    return this.pools.page({ ...page, low: low === '1' });
  }

  @Get(':id')
  one(@Param('id', IdPipe) id: number): Promise<CouponPoolDetailDto> {
    return this.pools.one(id);
  }

  @Get(':id/imports/:importId')
  report(@Param('id', IdPipe) id: number, @Param('importId', IdPipe) importId: number): Promise<CouponImportReportDto> {
    return this.pools.importOf(id, importId);
  }

  @Post()
  async create(@CurrentOperator() operator: Operator, @Body() body: NewCouponPoolDto): Promise<MadeDto> {
    const id = await this.audited.inOne(
      operator,
      (tx) => this.createPool.run(tx, { ...body, by: operator.id }),
      (made) => ({ act: 'rewards.create-coupon-pool', object: `coupon-pool:${made}`, after: body }),
    );
    return { id };
  }

  /** Another mark at or below which the pool is shown as low. */
  @Put(':id')
  @HttpCode(204)
  async mark(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) poolId: number,
    @Body() { lowMark }: LowMarkDto,
  ): Promise<void> {
    await this.audited.inOne(
      operator,
      (tx) => this.markPool.run(tx, { poolId, lowMark }),
      (before) => ({
        ...{ act: 'rewards.mark-coupon-pool', object: `coupon-pool:${poolId}` },
        ...{ before: { lowMark: before }, after: { lowMark } },
      }),
    );
  }

  @Post(':id/imports')
  @HttpCode(200)
  importLines(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Body() { importKey, lines }: CouponImportDto,
  ): Promise<CouponImportReportDto> {
    return this.import(operator, id, importKey, lines);
  }

  /** The same from a text file, one code a line, UTF-8. */
  @Post(':id/imports.txt')
  @HttpCode(200)
  @RouteConfig({ textBody: true })
  @ApiConsumes('text/plain')
  @ApiBody({ schema: { type: 'string' } })
  importText(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Query() { importKey }: CouponImportQuery,
    @Body() text: unknown,
  ): Promise<CouponImportReportDto> {
    return this.import(operator, id, importKey, couponLines(typeof text === 'string' ? text : ''));
  }

  private async import(
    operator: Operator,
    poolId: number,
    importKey: string,
    lines: readonly string[],
  ): Promise<CouponImportReportDto> {
    const report = await this.importCoupons.run({ poolId, importKey, lines, by: operator.id });
    const { accepted, duplicates, bad } = report;
    await this.audited.after(operator, {
      act: 'rewards.import-coupons',
      object: `coupon-pool:${poolId}`,
      after: { importKey, lines: lines.length, accepted, duplicates, bad },
    });
    return report;
  }
}
