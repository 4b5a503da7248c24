import { Get, Query } from '@nestjs/common';
import { ApiExtraModels } from '@nestjs/swagger';
import { LedgerCheck, LedgerSummaries, PayoutList } from '@app/payouts';
import { ConsoleController } from './console-controller';
import { LedgerSummaryDto, PayoutPageDto, PayoutQuery, StateSumDto } from './payouts.dto';

@ConsoleController('')
@ApiExtraModels(StateSumDto)
export class PayoutsController {
  constructor(
    private readonly payouts: PayoutList,
    private readonly summaries: LedgerSummaries,
    private readonly ledgerCheck: LedgerCheck,
  ) {}

  @Get('payouts')
  list(@Query() query: PayoutQuery): Promise<PayoutPageDto> {
    return this.payouts.page(query);
  }

  /** Where every fen is, and whether the books agree with the counters. */
  @Get('ledger/summary')
  async summary(): Promise<LedgerSummaryDto> {
    const summary = await this.summaries.ledgerSummary();
    return { ...summary, faults: await this.ledgerCheck.run() };
  }
}
