import { Get, Param, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { WriteOffLines, type WriteOffLine } from '@app/analytics';
import { addDays, shanghaiDay } from '@app/kernel';
import { WriteOffList, type WriteOffDetail } from '@app/payouts';
import type { Operator } from '@app/staff';
import { IdPipe } from '../../edge/id.pipe';
import { Audited } from '../audited';
import { ConsoleController, CurrentOperator } from '../console-controller';
import { sendTable, type Column, type TableFormat } from '../table-file';
import { WriteOffExportQuery } from './write-offs.dto';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const SUBTOTAL = '小计';

interface Line {
  readonly expenseAccount: string;
  /** Null on the line that sums a 科目 up. */
  readonly sheet: WriteOffDetail | null;
  readonly settledFen: number;
  readonly refundedFen: number;
  readonly netFen: number;
  readonly returnedFen: number;
}

const SHEETS: readonly Column<Line>[] = [
  { title: '费用科目', of: ({ expenseAccount }) => expenseAccount },
  { title: '核销单号', of: ({ sheet }) => (sheet ? String(sheet.id) : SUBTOTAL) },
  { title: '费用申请单号', of: ({ sheet }) => sheet?.content.grant.applicationNo ?? null },
  { title: '成本中心', of: ({ sheet }) => sheet?.content.grant.costCenter ?? null },
  { title: '承担方', of: ({ sheet }) => (sheet ? bearerWords(sheet.content.grant.bearer) : null) },
  { title: '期间起', of: ({ sheet }) => sheet?.content.from ?? null },
  { title: '期间止（含）', of: ({ sheet }) => (sheet ? addDays(sheet.content.to, -1) : null) },
  { title: '到账（元）', kind: 'yuan', of: ({ settledFen }) => settledFen },
  { title: '退款（元）', kind: 'yuan', of: ({ refundedFen }) => refundedFen },
  { title: '核销金额（元）', kind: 'yuan', of: ({ netFen }) => netFen },
  { title: '未用退回（元）', kind: 'yuan', of: ({ returnedFen }) => returnedFen },
  { title: '明细笔数', kind: 'number', of: ({ sheet }) => sheet?.content.lines ?? null },
  { title: '编制人', kind: 'number', of: ({ sheet }) => signerOf(sheet, 'author') },
  { title: '审批人', kind: 'number', of: ({ sheet }) => signerOf(sheet, 'approver') },
  { title: '双签日期', of: ({ sheet }) => (sheet?.closedAt ? shanghaiDay(sheet.closedAt) : null) },
  { title: '内容指纹', of: ({ sheet }) => sheet?.contentHash ?? null },
];

const LINES: readonly Column<WriteOffLine>[] = [
  { title: '时间', of: ({ at }) => at.toISOString() },
  { title: '类型', of: ({ act }) => (act === 'refund' ? '退款' : '到账') },
  { title: '核销金额（元）', kind: 'yuan', of: ({ fen }) => fen },
  { title: '付款金额（元）', kind: 'yuan', of: ({ payoutFen }) => payoutFen },
  { title: '付款编号', of: ({ payoutKey }) => payoutKey },
  { title: '第几次付款', kind: 'number', of: ({ offerNo }) => offerNo },
  { title: '商户号', of: ({ mchId }) => mchId },
  { title: '商户单号', of: ({ billNo }) => billNo },
  { title: '活动编号', kind: 'number', of: ({ campaignId }) => campaignId },
  { title: '会员编号', of: ({ memberId }) => String(memberId) },
  { title: '奖励', of: ({ awards }) => awards.map(({ awardKey }) => awardKey).join(' ') },
  { title: '扫码', of: ({ awards }) => awards.map((award) => `${award.memberId}-${award.scanId}`).join(' ') },
  { title: '扫码时间', of: ({ awards }) => awards.map(({ wonAt }) => wonAt.toISOString()).join(' ') },
];

/** Write-off sheets as files. */
@ConsoleController('')
export class WriteOffFilesController {
  constructor(
    private readonly list: WriteOffList,
    private readonly lines: WriteOffLines,
    private readonly audited: Audited,
  ) {}

  /** Closed sheets by 科目, each 科目 summed up. */
  @Get('write-offs.csv')
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string' } })
  csv(
    @CurrentOperator() operator: Operator,
    @Query() query: WriteOffExportQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.sheets(operator, query, 'csv', reply);
  }

  @Get('write-offs.xlsx')
  @ApiProduces(XLSX)
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  xlsx(
    @CurrentOperator() operator: Operator,
    @Query() query: WriteOffExportQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.sheets(operator, query, 'xlsx', reply);
  }

  /** The evidence of one sheet, line by line. */
  @Get('write-offs/:id/lines.csv')
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string' } })
  linesCsv(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.evidence(operator, id, 'csv', reply);
  }

  @Get('write-offs/:id/lines.xlsx')
  @ApiProduces(XLSX)
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  linesXlsx(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.evidence(operator, id, 'xlsx', reply);
  }

  private async sheets(
    operator: Operator,
    query: WriteOffExportQuery,
    as: TableFormat,
    reply: FastifyReply,
  ): Promise<void> {
    const name = `write-offs-${query.from}-${query.to}`;
    await sendTable(reply, { name, as, columns: SHEETS }, summedUp(this.list.closed(query)), () =>
      this.audited.after(operator, {
        act: 'payouts.export-write-offs',
        object: `write-offs:${query.from}:${query.to}`,
        after: { ...query, as },
      }),
    );
  }

  private async evidence(operator: Operator, id: number, as: TableFormat, reply: FastifyReply): Promise<void> {
    const { content, contentHash } = await this.list.one(id);
    const rows = this.lines.read({ grantId: content.grant.id, from: content.from, to: content.to });
    await sendTable(reply, { name: `write-off-${id}-lines`, as, columns: LINES }, rows, () =>
      this.audited.after(operator, {
        act: 'payouts.export-write-off-lines',
        object: `write-off:${id}`,
        after: { contentHash, as },
      }),
    );
  }
}

/** Sheets in the order of their 科目, and after each 科目 a line with its sums. */
async function* summedUp(sheets: AsyncIterable<WriteOffDetail>): AsyncGenerator<Line> {
  let sum: Line | null = null;
  for await (const sheet of sheets) {
    const { grant, settledFen, refundedFen, netFen } = sheet.content;
    const { expenseAccount } = grant;
    const line: Line = { expenseAccount, sheet, settledFen, refundedFen, netFen, returnedFen: sheet.returnedFen };
    if (sum && sum.expenseAccount !== expenseAccount) {
      yield sum;
      sum = null;
    }
    yield line;
    sum = sum ? added(sum, line) : { ...line, sheet: null };
  }
  if (sum) yield sum;
}

function added(sum: Line, line: Line): Line {
  return {
    ...sum,
    settledFen: sum.settledFen + line.settledFen,
    refundedFen: sum.refundedFen + line.refundedFen,
    netFen: sum.netFen + line.netFen,
    returnedFen: sum.returnedFen + line.returnedFen,
  };
}

function signerOf(sheet: WriteOffDetail | null, role: 'author' | 'approver'): number | null {
  return sheet?.signatures.find((signature) => signature.role === role)?.operatorId ?? null;
}

function bearerWords(bearer: string): string {
  return { hq: '总部', distributor: '经销商', shared: '共担' }[bearer] ?? bearer;
}
