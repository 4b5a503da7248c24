import { Get, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { RedemptionList, type RedemptionFilter, type RedemptionItem } from '@app/channel';
import { shanghaiDayStart, shanghaiFields } from '@app/kernel';
import { scopeOf, type Operator } from '@app/staff';
import { Audited } from '../audited';
import { ConsoleController, CurrentOperator } from '../console-controller';
import { RedemptionPageDto, RedemptionPageQuery, RedemptionsQuery, type RedemptionDto } from './redemptions.dto';
import { sendTable, type Column, type TableFormat } from '../table-file';

const COLUMNS: readonly Column<RedemptionItem>[] = [
  { title: '兑付时间（北京时间）', of: ({ redeemedAt }) => beijingTime(redeemedAt) },
  { title: '经销商编号', kind: 'number', of: ({ distributorId }) => distributorId },
  { title: '门店编号', kind: 'number', of: ({ storeId }) => storeId },
  { title: '门店', of: ({ storeName }) => storeName },
  { title: '商品编号', kind: 'number', of: ({ productId }) => productId },
  { title: '商品', of: ({ productName }) => productName },
  { title: '奖品', of: ({ prizeName }) => prizeName },
  { title: '活动编号', kind: 'number', of: ({ campaignId }) => campaignId },
  { title: '门店已收（元）', kind: 'yuan', of: ({ coPayFen }) => coPayFen },
];

/** What stores handed over, one by one. A distributor sees its own stores. */
@ConsoleController('')
export class RedemptionsController {
  constructor(
    private readonly list: RedemptionList,
    private readonly audited: Audited,
  ) {}

  @Get('redemptions')
  async page(
    @CurrentOperator() operator: Operator,
    @Query() { limit, cursor, ...query }: RedemptionPageQuery,
  ): Promise<RedemptionPageDto> {
    const page = { limit, cursor: cursor ?? null };
    const { items, nextCursor } = await this.list.list(scopeOf(operator), { ...filterOf(query), ...page });
    return { items: items.map(redemptionDto), nextCursor };
  }

  @Get('redemptions.csv')
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string' } })
  csv(
    @CurrentOperator() operator: Operator,
    @Query() query: RedemptionsQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.file(operator, query, 'csv', reply);
  }

  @Get('redemptions.xlsx')
  @ApiProduces('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  xlsx(
    @CurrentOperator() operator: Operator,
    @Query() query: RedemptionsQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.file(operator, query, 'xlsx', reply);
  }

  private async file(operator: Operator, query: RedemptionsQuery, as: TableFormat, reply: FastifyReply): Promise<void> {
    const rows = this.list.rows(scopeOf(operator), filterOf(query));
    await sendTable(reply, { name: 'redemptions', as, columns: COLUMNS }, rows, () =>
      this.audited.after(operator, {
        act: 'channel.export-redemptions',
        object: 'redemptions',
        after: { ...query, as },
      }),
    );
  }
}

function filterOf({ from, to, ...rest }: RedemptionsQuery): RedemptionFilter {
  return { ...rest, ...(from && { from: shanghaiDayStart(from) }), ...(to && { to: shanghaiDayStart(to) }) };
}

function redemptionDto(item: RedemptionItem): RedemptionDto {
  const { storeId, storeName, distributorId, productId, productName, prizeName } = item;
  const { campaignId, valueFen, coPayFen, redeemedAt } = item;
  return {
    ...{ storeId, storeName, distributorId, productId, productName, prizeName },
    ...{ campaignId, valueFen, coPayFen, redeemedAt },
  };
}

/** `2026-11-22 19:05`. */
function beijingTime(at: Date): string {
  const { day, hour, minute } = shanghaiFields(at);
  return `${day} ${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}
