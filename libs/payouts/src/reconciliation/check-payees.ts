import { Inject, Injectable } from '@nestjs/common';
import { Database, UnitOfWork } from '@app/database';
import { LOGGER, type Logger } from '@app/observability';
import { PayoutChannels } from '../channels/payout-channel';
import { RateGate } from '../channels/rate-gate';
import { Bills } from '../driving/bills';
import { PayoutsRepository } from '../driving/payouts.repository';
import { Differences, type FoundDifference } from './differences.repository';
import { NO_ROWS } from './judge';
import type { ClaimedRun } from './reconciliation-runs.repository';
import { WriteVerdicts } from './write-verdicts';

/** Asks WeChat for one bill and holds the person it names against ours. */
@Injectable()
export class AskPayee {
  constructor(
    private readonly database: Database,
    private readonly bills: Bills,
    private readonly payouts: PayoutsRepository,
    private readonly channels: PayoutChannels,
    private readonly gate: RateGate,
  ) {}

  async run(billNo: string): Promise<PayeeAnswer> {
    const bill = await this.bills.find(this.database, billNo);
    const payout = bill ? await this.payouts.find(this.database, bill.payoutKey) : null;
    // The request of an earlier offer belongs to a payout that has another bill by now.
    if (!bill || !payout || payout.billNo !== billNo) return { kind: 'unknown' };
    const request = this.bills.open(bill, payout);
    await this.gate.pass(request.channel, request.mchId, 'query');
    const { meaning } = await this.channels.of(request.channel).query(request);
    if (meaning.kind === 'mismatch' && meaning.why === 'another_person') {
      const { payoutKey, state, amountFen } = payout;
      const ours = { payoutKey, state, amountFen };
      return { kind: 'other', found: { kind: 'payee', billNo, ours, file: NO_ROWS } };
    }
    const answered = ['succeeded', 'wait_user', 'in_flight', 'failed', 'refunded'].includes(meaning.kind);
    return { kind: answered ? 'same' : 'unknown' };
  }
}

/** 资金账单 names no payee, so the query of the bill is asked who got the money: for every bill that differs and for a sample of the others. */
@Injectable()
export class CheckPayees {
  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly differences: Differences,
    private readonly verdicts: WriteVerdicts,
    private readonly asking: AskPayee,
  ) {}

  /** Returns how many bills WeChat was asked about. */
  async run(run: ClaimedRun, billNos: readonly string[]): Promise<number> {
    const open = (await this.differences.open(this.database, run.mchId)).filter(({ kind }) => kind === 'payee');
    const all = new Set([...billNos, ...open.map(({ billNo }) => billNo)]);
    let asked = 0;
    for (const billNo of all) {
      const answer = await this.asking.run(billNo);
      if (answer.kind === 'unknown') continue;
      asked += 1;
      const known = open.filter((one) => one.billNo === billNo);
      await this.unitOfWork.run(async (tx) => {
        if (answer.kind === 'same') return this.verdicts.close(tx, run, known);
        if (known.some(({ day }) => day !== run.day)) return;
        await this.verdicts.raise(tx, run, [{ ...answer.found, since: known[0]?.since ?? run.day }]);
      });
      if (answer.kind === 'other') this.logger.error({ billNo, mchId: run.mchId }, 'reconciliation.other_payee');
    }
    return asked;
  }
}

type PayeeAnswer =
  | { readonly kind: 'same' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'other'; readonly found: Omit<FoundDifference, 'since'> };
