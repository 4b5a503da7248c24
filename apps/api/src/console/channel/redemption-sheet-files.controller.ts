import { Get, Param, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { SheetViews, type NamedLine } from '@app/channel';
import { scopeOf, type Operator } from '@app/staff';
import { IdPipe } from '../../edge/id.pipe';
import { Audited } from '../audited';
import { ConsoleController, CurrentOperator } from '../console-controller';
import { sendTable, type Column, type TableFormat } from '../table-file';

const COLUMNS: readonly Column<NamedLine>[] = [
  { title: '门店编号', kind: 'number', of: ({ storeId }) => storeId },
  { title: '门店', of: ({ storeName }) => storeName },
  { title: '商品编号', kind: 'number', of: ({ productId }) => productId },
  { title: '商品', of: ({ productName }) => productName },
  { title: '上月结转（件）', kind: 'number', of: ({ openingUnits }) => openingUnits },
  { title: '本月兑付（件）', kind: 'number', of: ({ redeemedUnits }) => redeemedUnits },
  { title: '门店已收（元）', kind: 'yuan', of: ({ coPayFen }) => coPayFen },
  { title: '补货结算（件）', kind: 'number', of: ({ goodsUnits }) => goodsUnits },
  { title: '付款结算（件）', kind: 'number', of: ({ moneyUnits }) => moneyUnits },
  { title: '付款结算（元）', kind: 'yuan', of: ({ moneyFen }) => moneyFen },
  { title: '不予认可（件）', kind: 'number', of: ({ refusedUnits }) => refusedUnits },
  { title: '月末仍欠（件）', kind: 'number', of: ({ owedUnits }) => owedUnits },
];

/** A sheet as a file. */
@ConsoleController('redemption-sheets')
export class RedemptionSheetFilesController {
  constructor(
    private readonly views: SheetViews,
    private readonly audited: Audited,
  ) {}

  @Get(':distributorId/:month/lines.csv')
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string' } })
  csv(
    @CurrentOperator() operator: Operator,
    @Param('distributorId', IdPipe) distributorId: number,
    @Param('month') month: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.file(operator, distributorId, month, 'csv', reply);
  }

  @Get(':distributorId/:month/lines.xlsx')
  @ApiProduces('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  xlsx(
    @CurrentOperator() operator: Operator,
    @Param('distributorId', IdPipe) distributorId: number,
    @Param('month') month: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.file(operator, distributorId, month, 'xlsx', reply);
  }

  private async file(
    operator: Operator,
    distributorId: number,
    month: string,
    as: TableFormat,
    reply: FastifyReply,
  ): Promise<void> {
    const lines = await this.views.lines(scopeOf(operator), { distributorId, month });
    const name = `redemption-sheet-${distributorId}-${month}`;
    const object = `redemption-sheet:${distributorId}:${month}`;
    await sendTable(reply, { name, as, columns: COLUMNS }, inTurn(lines), () =>
      this.audited.after(operator, { act: 'channel.export-redemption-sheet', object, after: { as } }),
    );
  }
}

async function* inTurn<T>(rows: readonly T[]): AsyncGenerator<T> {
  yield* rows;
}
