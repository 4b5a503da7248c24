import { Body, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CorrectionList, Corrections } from '@app/payouts';
import type { Operator } from '@app/staff';
import { IdPipe } from '../../edge/id.pipe';
import { PageQuery } from '../../edge/page.dto';
import { Audited } from '../audited';
import { ConsoleController, CurrentOperator } from '../console-controller';
import { CorrectionApprovedDto, CorrectionNoteDto, CorrectionPageDto, NewCorrectionDto } from './corrections.dto';
import { MadeDto } from '../made.dto';

/** 调账: two people put the ledger right. */
@ConsoleController('corrections')
export class CorrectionsController {
  constructor(
    private readonly list: CorrectionList,
    private readonly corrections: Corrections,
    private readonly audited: Audited,
  ) {}

  @Get()
  page(@Query() page: PageQuery): Promise<CorrectionPageDto> {
    return this.list.page(page);
  }

  @Post()
  async request(@CurrentOperator() operator: Operator, @Body() { legs, reason }: NewCorrectionDto): Promise<MadeDto> {
    const id = await this.audited.inOne(
      operator,
      (tx) => this.corrections.request(tx, { legs, reason, requestedBy: operator.id }),
      (made) => ({ act: 'payouts.request-correction', object: `correction:${made}`, after: { legs }, reason }),
    );
    return { id };
  }

  /** The second person's yes: whoever asked for it cannot give it. */
  @Post(':id/approve')
  @HttpCode(200)
  async approve(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
  ): Promise<CorrectionApprovedDto> {
    const outcome = await this.audited.inOne(
      operator,
      (tx) => this.corrections.approve(tx, { id, by: operator.id }),
      (done) => ({ act: 'payouts.approve-correction', object: `correction:${id}`, after: { outcome: done } }),
    );
    return { outcome };
  }

  @Post(':id/reject')
  @HttpCode(204)
  async reject(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Body() { note }: CorrectionNoteDto,
  ): Promise<void> {
    await this.audited.inOne(
      operator,
      (tx) => this.corrections.reject(tx, { id, by: operator.id, note }),
      () => ({ act: 'payouts.reject-correction', object: `correction:${id}`, reason: note }),
    );
  }

  /** Its author takes it back. */
  @Post(':id/withdraw')
  @HttpCode(204)
  async withdraw(@CurrentOperator() operator: Operator, @Param('id', IdPipe) id: number): Promise<void> {
    await this.audited.inOne(
      operator,
      (tx) => this.corrections.withdraw(tx, { id, by: operator.id }),
      () => ({ act: 'payouts.withdraw-correction', object: `correction:${id}` }),
    );
  }
}
