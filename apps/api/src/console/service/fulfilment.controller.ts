import { Body, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Fulfilment, trackingLines, type AddressedOrder } from '@app/rewards';
import type { Operator } from '@app/staff';
import { IdPipe } from '../../edge/id.pipe';
import { PageQuery } from '../../edge/page.dto';
import { ConsoleController, CurrentOperator } from '../console-controller';
import {
  GoodsExportPageDto,
  GoodsOrderPageDto,
  OrderCountsDto,
  OrderQuery,
  OrdersTakenDto,
  TakeOrdersDto,
  TrackingDto,
  TrackingReportDto,
} from './fulfilment.dto';
import { sendTable, type Column, type TableFormat } from '../table-file';

const COLUMNS: readonly Column<AddressedOrder>[] = [
  { title: '订单号', of: ({ orderNo }) => orderNo },
  { title: '奖品', of: ({ prizeName }) => prizeName },
  { title: '收货人', of: ({ name }) => name },
  { title: '手机', of: ({ phone }) => phone },
  { title: '省', of: ({ province }) => province },
  { title: '市', of: ({ city }) => city },
  { title: '区县', of: ({ district }) => district },
  { title: '详细地址', of: ({ detail }) => detail },
];

/** 发货: addresses out, tracking numbers in. */
@ConsoleController('fulfilment')
export class FulfilmentController {
  constructor(private readonly fulfilment: Fulfilment) {}

  @Get('orders')
  orders(@Query() query: OrderQuery): Promise<GoodsOrderPageDto> {
    return this.fulfilment.page(query);
  }

  @Get('counts')
  counts(): Promise<OrderCountsDto> {
    return this.fulfilment.counts();
  }

  @Get('exports')
  exports(@Query() page: PageQuery): Promise<GoodsExportPageDto> {
    return this.fulfilment.exports(page);
  }

  /** Takes the oldest orders that wait for a file; their addresses cannot change any more. Needs the right `export-addresses`. */
  @Post('exports')
  take(@CurrentOperator() operator: Operator, @Body() { most }: TakeOrdersDto): Promise<OrdersTakenDto> {
    return this.fulfilment.take(operator, most);
  }

  /** Whole addresses, for the warehouse. Needs the right `export-addresses`; every download is written down. */
  @Get('exports/:id/orders.csv')
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string' } })
  csv(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.send(operator, id, 'csv', reply);
  }

  @Get('exports/:id/orders.xlsx')
  @ApiProduces('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  xlsx(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.send(operator, id, 'xlsx', reply);
  }

  /** The parcel of one order. */
  @Post('tracking')
  @HttpCode(200)
  track(@CurrentOperator() operator: Operator, @Body() said: TrackingDto): Promise<TrackingReportDto> {
    return this.fulfilment.record(operator, [{ line: 1, said }]);
  }

  /** Parcels from a file, one order a line: 订单号, 快递公司, 运单号; UTF-8, at most 1,000 lines. Good lines are kept, bad ones named. */
  @Post('tracking.csv')
  @HttpCode(200)
  @RouteConfig({ textBody: true })
  @ApiConsumes('text/plain')
  @ApiBody({ schema: { type: 'string' } })
  import(@CurrentOperator() operator: Operator, @Body() text: unknown): Promise<TrackingReportDto> {
    return this.fulfilment.record(operator, trackingLines(typeof text === 'string' ? text : ''));
  }

  private async send(operator: Operator, id: number, as: TableFormat, reply: FastifyReply): Promise<void> {
    const orders = await this.fulfilment.file(operator, id);
    async function* rows(): AsyncGenerator<AddressedOrder> {
      yield* orders;
    }
    // Who took it away was written down when the addresses were read.
    await sendTable(reply, { name: `orders-${id}`, as, columns: COLUMNS }, rows(), () => Promise.resolve());
  }
}
