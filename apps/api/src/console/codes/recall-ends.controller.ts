import { Body, HttpCode, Param, Post } from '@nestjs/common';
import { EndRecall } from '@app/codes';
import type { Operator } from '@app/staff';
import { IdPipe } from '../../edge/id.pipe';
import { Audited } from '../audited';
import { ConsoleController, CurrentOperator } from '../console-controller';
import { EpochDto } from './code-batches.dto';
import { EndRangeRecallDto, EndRecallDto, LotRecallEndedDto, RecallEndedDto } from './recall-ends.dto';

/** 结束召回: what was recalled is again what it was before; from the next scan on nobody is warned. */
@ConsoleController('')
export class RecallEndsController {
  constructor(
    private readonly endRecall: EndRecall,
    private readonly audited: Audited,
  ) {}

  /** Of a batch that was recalled as a whole; what was recalled in it on its own stays recalled. */
  @Post('code-batches/:id/end-recall')
  @HttpCode(200)
  async batch(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Body() { reason }: EndRecallDto,
  ): Promise<EpochDto> {
    const done = await this.endRecall.batch(id, reason);
    await this.audited.after(operator, { act: 'codes.end-recall-batch', object: `batch:${id}`, reason });
    return done;
  }

  /** Of the recalled codes in a range, whatever recalled them but the batch itself. */
  @Post('code-batches/:id/segments/end-recall')
  @HttpCode(200)
  async range(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) batchId: number,
    @Body() { reason, ...range }: EndRangeRecallDto,
  ): Promise<RecallEndedDto> {
    const done = await this.endRecall.range({ batchId, ...range }, reason, { by: operator.id });
    const after = { ...range, ...done };
    await this.audited.after(operator, { act: 'codes.end-recall-range', object: `batch:${batchId}`, after, reason });
    return done;
  }

  /** Of every code that goes with the lot, in all batches and layers. */
  @Post('lots/:id/end-recall')
  @HttpCode(200)
  async lot(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) lotId: number,
    @Body() { reason }: EndRecallDto,
  ): Promise<LotRecallEndedDto> {
    const done = await this.endRecall.lot(lotId, reason, { by: operator.id });
    await this.audited.after(operator, { act: 'codes.end-recall-lot', object: `lot:${lotId}`, after: done, reason });
    return done;
  }
}
