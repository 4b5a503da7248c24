import { Get, Param, Query } from '@nestjs/common';
import { ApiExtraModels } from '@nestjs/swagger';
import { LedgerCheck, LedgerSummaries, PayoutEvidence, PayoutList } from '@app/payouts';
import { ConsoleController } from '../console-controller';
import { PayoutDossierDto } from './payouts-evidence.dto';
import { LedgerSummaryDto, LedgerSummaryQuery, PayoutPageDto, PayoutQuery, StateSumDto } from './payouts.dto';

@ConsoleController('')
@ApiExtraModels(StateSumDto)
export class PayoutsController {
  constructor(
    private readonly payouts: PayoutList,
    private readonly evidence: PayoutEvidence,
    private readonly summaries: LedgerSummaries,
    private readonly ledgerCheck: LedgerCheck,
  ) {}

  @Get('payouts')
  list(@Query() query: PayoutQuery): Promise<PayoutPageDto> {
    return this.payouts.page(query);
  }

  /** Everything we know about the money of one prize or pool, in the order in which it happened. */
  @Get('payouts/:payoutKey/evidence')
  dossier(@Param('payoutKey') payoutKey: string): Promise<PayoutDossierDto> {
    return this.evidence.run(payoutKey);
  }

  /** Where every fen is, and what is known to be wrong. With `recount` the whole ledger is added up anew: heavy on a large one. */
  @Get('ledger/summary')
  async summary(@Query() { recount }: LedgerSummaryQuery): Promise<LedgerSummaryDto> {
    const summary = await this.summaries.ledgerSummary();
    const recounted = recount === 'true';
    const faults = recounted ? await this.ledgerCheck.run() : await this.summaries.knownFaults();
    return { ...summary, recounted, faults };
  }
}
