import { Readable } from 'node:stream';
import { Body, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import {
  BatchList,
  DraftBatch,
  ExportCodes,
  FreezeBatch,
  IssueBatch,
  qrSheetHtml,
  SegmentHistory,
  UnfreezeBatch,
} from '@app/codes';
import type { Operator } from '@app/staff';
import { PageQuery } from '../../edge/page.dto';
import { Audited } from '../audited';
import { ChangeSegment } from './change-segment';
import {
  BatchDetailDto,
  BatchPageDto,
  BatchQuery,
  BatchReasonDto,
  CodeRangeQuery,
  CodesCsvQuery,
  EpochDto,
  FreezeBatchDto,
  NewBatchDto,
  SegmentDto,
  SegmentEventPageDto,
  SegmentMadeDto,
} from './code-batches.dto';
import { ConsoleController, CurrentOperator } from '../console-controller';
import { IdPipe } from '../../edge/id.pipe';
import { MadeDto } from '../made.dto';

const SHEET_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

@ConsoleController('code-batches')
export class CodeBatchesController {
  constructor(
    private readonly batches: BatchList,
    private readonly draftBatch: DraftBatch,
    private readonly issueBatch: IssueBatch,
    private readonly freezeBatch: FreezeBatch,
    private readonly unfreezeBatch: UnfreezeBatch,
    private readonly exports: ExportCodes,
    private readonly audited: Audited,
  ) {}

  @Get()
  list(@Query() query: BatchQuery): Promise<BatchPageDto> {
    return this.batches.page(query);
  }

  @Get(':id')
  one(@Param('id', IdPipe) id: number): Promise<BatchDetailDto> {
    return this.batches.detail(id);
  }

  @Post()
  async draft(@CurrentOperator() operator: Operator, @Body() body: NewBatchDto): Promise<MadeDto> {
    const expiresAt = body.expiresAt ? new Date(body.expiresAt) : null;
    const made = await this.draftBatch.run({ ...body, expiresAt }, { by: operator.id });
    await this.audited.after(operator, { act: 'codes.draft-batch', object: `batch:${made.id}`, after: body });
    return made;
  }

  @Post(':id/issue')
  @HttpCode(200)
  async issue(@CurrentOperator() operator: Operator, @Param('id', IdPipe) id: number): Promise<EpochDto> {
    const done = await this.issueBatch.run(id, { by: operator.id });
    await this.audited.after(operator, { act: 'codes.issue-batch', object: `batch:${id}` });
    return done;
  }

  @Post(':id/freeze')
  @HttpCode(200)
  async freeze(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Body() { reason, cause }: FreezeBatchDto,
  ): Promise<EpochDto> {
    const done = await this.freezeBatch.run(id, { ...(cause && { cause }), ...(reason && { reason }) });
    const entry = { act: cause ? `codes.${cause}-batch` : 'codes.freeze-batch', object: `batch:${id}` };
    await this.audited.after(operator, { ...entry, ...(reason && { reason }) });
    return done;
  }

  @Post(':id/unfreeze')
  @HttpCode(200)
  async unfreeze(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Body() { reason }: BatchReasonDto,
  ): Promise<EpochDto> {
    const done = await this.unfreezeBatch.run(id, reason);
    const entry = { act: 'codes.unfreeze-batch', object: `batch:${id}` };
    await this.audited.after(operator, { ...entry, ...(reason && { reason }) });
    return done;
  }

  /** At most 1,000 codes as a proof for the printer: `code,url` and, when asked for, `,serial`. More of them are a pack. */
  @Get(':id/codes.csv')
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string' } })
  async csv(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) batchId: number,
    @Query() { layer, from, to, serial }: CodesCsvQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const withSerial = serial === '1';
    const range = { batchId, layer, from, to };
    const codes = await this.exports.proof({ ...range, withSerial }, operator);
    const after = { layer, from, to, withSerial };
    await this.audited.after(operator, { act: 'codes.export', object: `batch:${batchId}`, after });
    await reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="batch-${batchId}-${layer}-${from}-${to}.csv"`)
      .header('cache-control', 'no-store')
      .send(Readable.from(codes, { objectMode: false }));
  }

  /** A printable page of at most 480 labels. */
  @Get(':id/qr-sheet')
  @ApiProduces('text/html')
  @ApiOkResponse({ schema: { type: 'string' } })
  async sheet(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) batchId: number,
    @Query() { layer, from, to }: CodeRangeQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const sheet = await this.exports.labels({ batchId, layer, from, to });
    await this.audited.after(operator, {
      act: 'codes.qr-sheet',
      object: `batch:${batchId}`,
      after: { layer, from, to },
    });
    await reply
      .header('content-type', 'text/html; charset=utf-8')
      .header('content-security-policy', SHEET_POLICY)
      .header('cache-control', 'no-store')
      .send(qrSheetHtml({ ...sheet, level: 'M' }));
  }
}

/** What part of a batch may do, on its own path so that each class needs few things. */
@ConsoleController('code-batches')
export class SegmentsController {
  constructor(
    private readonly changeSegment: ChangeSegment,
    private readonly history: SegmentHistory,
    private readonly audited: Audited,
  ) {}

  /** What was done to the ranges of a batch, latest first. */
  @Get(':id/segments')
  changes(@Param('id', IdPipe) batchId: number, @Query() { limit, cursor }: PageQuery): Promise<SegmentEventPageDto> {
    return this.history.page(batchId, { limit, cursor: cursor ?? null });
  }

  @Post(':id/segments')
  async change(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) batchId: number,
    @Body() { effectiveAt, state, ...segment }: SegmentDto,
  ): Promise<SegmentMadeDto> {
    const when = effectiveAt ? { effectiveAt: new Date(effectiveAt) } : {};
    const made = await this.changeSegment.run(state, { batchId, ...segment, ...when }, { by: operator.id });
    const { reason, ...range } = segment;
    await this.audited.after(operator, {
      act: `codes.segment-${state}`,
      object: `batch:${batchId}`,
      after: { ...range, ...when, segmentId: made.segmentId },
      ...(reason && { reason }),
    });
    return made;
  }
}
