import { Get, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { StatementModel, type StatementRow } from '@app/analytics';
import { regionWords } from '@app/regions';
import { scopeOf, type Operator } from '@app/staff';
import { Audited } from '../audited';
import { ConsoleController, CurrentOperator } from '../console-controller';
import { StatementPageDto, StatementPageQuery, StatementQuery } from './statements.dto';
import { sendTable, type Column, type TableFormat } from '../table-file';

const BASIS = '扫码地；中奖按扫码日，到账、退款、退回预算按发生日（北京时间）';
const UNKNOWN_PLACE = '地点未知';

const COLUMNS: readonly Column<StatementRow>[] = [
  { title: '日期', of: ({ day }) => day },
  { title: '活动编号', kind: 'number', of: ({ campaignId }) => campaignId },
  { title: '活动', of: ({ campaignName }) => campaignName },
  { title: '地区代码', kind: 'number', of: ({ adcode }) => adcode },
  { title: '地区', of: ({ adcode }) => regionName(adcode) },
  { title: '中奖（元）', kind: 'yuan', of: ({ awardedFen }) => awardedFen },
  { title: '到账（元）', kind: 'yuan', of: ({ settledFen }) => settledFen },
  { title: '退款（元）', kind: 'yuan', of: ({ refundedFen }) => refundedFen },
  { title: '过期退回预算（元）', kind: 'yuan', of: ({ releasedFen }) => releasedFen },
  { title: '日终未了（元）', kind: 'yuan', of: ({ openFen }) => openFen },
];

/** 对账单: what finance holds against its own books. */
@ConsoleController('')
export class StatementsController {
  constructor(
    private readonly statements: StatementModel,
    private readonly audited: Audited,
  ) {}

  @Get('statements')
  async page(
    @CurrentOperator() operator: Operator,
    @Query() { limit, cursor, ...question }: StatementPageQuery,
  ): Promise<StatementPageDto> {
    const scope = scopeOf(operator);
    const { items, nextCursor } = await this.statements.page(scope, question, { limit, cursor: cursor ?? null });
    const total = cursor === undefined ? await this.statements.total(scope, question) : null;
    const named = items.map((row) => ({ ...row, regionName: regionName(row.adcode) }));
    return { basis: BASIS, total, items: named, nextCursor };
  }

  @Get('statements.csv')
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string' } })
  csv(
    @CurrentOperator() operator: Operator,
    @Query() question: StatementQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.file(operator, question, 'csv', reply);
  }

  @Get('statements.xlsx')
  @ApiProduces('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  xlsx(
    @CurrentOperator() operator: Operator,
    @Query() question: StatementQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.file(operator, question, 'xlsx', reply);
  }

  private async file(
    operator: Operator,
    question: StatementQuery,
    as: TableFormat,
    reply: FastifyReply,
  ): Promise<void> {
    const rows = this.statements.rows(scopeOf(operator), question);
    const name = `statement-${question.from}-${question.to}`;
    const object = `statement:${question.from}:${question.to}`.slice(0, 96);
    await sendTable(reply, { name, as, columns: COLUMNS }, rows, () =>
      this.audited.after(operator, { act: 'payouts.export-statement', object, after: { ...question, as } }),
    );
  }
}

function regionName(adcode: number | null): string {
  return regionWords(adcode) || UNKNOWN_PLACE;
}
