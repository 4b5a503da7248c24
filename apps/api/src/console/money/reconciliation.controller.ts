import { Readable } from 'node:stream';
import { Body, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ReconciliationViews } from '@app/payouts';
import type { Operator } from '@app/staff';
import { PageQuery } from '../../edge/page.dto';
import { Audited } from '../audited';
import { ConsoleController, CurrentOperator } from '../console-controller';
import {
  ReconciliationDayDto,
  ReconciliationDifferencePageDto,
  ReconciliationRunDto,
  ReconciliationRunPageDto,
} from './reconciliation.dto';

/** Our books beside the channel's own bill files, one run for each merchant account and Shanghai day. */
@ConsoleController('reconciliation')
export class ReconciliationController {
  constructor(
    private readonly views: ReconciliationViews,
    private readonly audited: Audited,
  ) {}

  /** Newest day first. */
  @Get()
  list(@Query() page: PageQuery): Promise<ReconciliationRunPageDto> {
    return this.views.list(page);
  }

  /** Goes through a day now, for the first time or once more; the worker does it. */
  @Post()
  @HttpCode(202)
  async start(@CurrentOperator() operator: Operator, @Body() key: ReconciliationDayDto): Promise<ReconciliationRunDto> {
    const object = `bill-file:${key.mchId}:${key.day}`;
    await this.audited.inOne(
      operator,
      (tx) => this.views.start(tx, key, operator.id),
      () => ({ act: 'payouts.reconcile', object }),
    );
    return this.views.one(key);
  }

  @Get(':mchId/:day')
  one(@Param() key: ReconciliationDayDto): Promise<ReconciliationRunDto> {
    return this.views.one(key);
  }

  /** In the order they were found; those that are gone stay readable. */
  @Get(':mchId/:day/differences')
  differences(@Param() key: ReconciliationDayDto, @Query() page: PageQuery): Promise<ReconciliationDifferencePageDto> {
    return this.views.differences(key, page);
  }

  /** All of them as a spreadsheet reads it. */
  @Get(':mchId/:day/differences.csv')
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string' } })
  async csv(@Param() key: ReconciliationDayDto, @Res() reply: FastifyReply): Promise<void> {
    await this.views.one(key);
    await reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="reconciliation-${key.mchId}-${key.day}.csv"`)
      .header('cache-control', 'no-store')
      .send(Readable.from(this.views.csv(key), { objectMode: false }));
  }
}
