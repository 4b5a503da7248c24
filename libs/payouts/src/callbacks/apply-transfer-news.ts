import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Tx } from '@app/database';
import { Bills, type Bill } from '../driving/bills';
import { Incidents } from '../cases/incidents';
import { ChannelBlocksRepository } from '../channels/channel-blocks.repository';
import { failReason } from '../channels/fail-reasons';
import type { Payout } from '../payout';
import { PayoutsRepository } from '../driving/payouts.repository';
import { RecordOutcome } from '../driving/record-outcome';
import { failed, succeeded, type NotifyAnswer } from './notify-answer';

export const finishedSchema = z
  .object({
    out_bill_no: z.string().max(32),
    state: z.enum(['SUCCESS', 'FAIL', 'CANCELLED']),
    mch_id: z.string().optional(),
    mchid: z.string().optional(),
    transfer_amount: z.number().int(),
    openid: z.string().max(64).optional(),
    fail_reason: z.string().max(64).optional(),
    transfer_bill_no: z.string().max(64).optional(),
  })
  .refine((resource) => resource.mch_id !== undefined || resource.mchid !== undefined);
export type Finished = z.infer<typeof finishedSchema>;

/** What genuine news of a finished transfer does to its payout: settles it, fails it, or is a contradiction that people look at. */
@Injectable()
export class ApplyTransferNews {
  constructor(
    private readonly payouts: PayoutsRepository,
    private readonly bills: Bills,
    private readonly record: RecordOutcome,
    private readonly incidents: Incidents,
    private readonly blocks: ChannelBlocksRepository,
  ) {}

  /** `mchId`: the merchant whose key opened the news. */
  async run(tx: Tx, finished: Finished, mchId: string): Promise<NotifyAnswer> {
    const bill = await this.bills.find(tx, finished.out_bill_no);
    if (!bill) return failed(404, 'unknown_bill');
    const payout = await this.payouts.lock(tx, bill.payoutKey);
    if (!payout) return failed(404, 'unknown_bill');
    const difference = this.differenceOf(bill, finished, mchId);
    if (difference) {
      const detail = `callback with another ${difference}`;
      await this.incidents.raise(tx, { kind: 'mismatch', payoutKey: payout.payoutKey, billNo: bill.billNo, detail });
      return failed(403, 'mismatch');
    }
    return finished.state === 'SUCCESS'
      ? this.success(tx, payout, bill, finished)
      : this.failure(tx, payout, bill, finished);
  }

  private differenceOf(bill: Bill, finished: Finished, mchId: string): string | null {
    if (bill.mchId !== mchId || bill.mchId !== (finished.mch_id ?? finished.mchid)) return 'merchant';
    if (bill.amountFen !== finished.transfer_amount) return 'amount';
    if (finished.openid !== undefined && !this.bills.isPayee(bill, finished.openid)) return 'person';
    return null;
  }

  private async success(tx: Tx, payout: Payout, bill: Bill, finished: Finished): Promise<NotifyAnswer> {
    if (payout.billNo !== bill.billNo)
      return this.contradicted(tx, payout, bill, finished, 'success of an offer that had failed');
    switch (payout.state) {
      case 'SETTLED':
        return succeeded('duplicate');
      case 'SENDING':
      case 'UNKNOWN':
      case 'WAIT_USER':
      case 'MANUAL':
        await this.record.byCallback(tx, payout, { kind: 'succeeded' });
        return succeeded('settled');
      case 'PENDING':
        await this.payouts.touch(tx, payout, { nextInMs: 0 });
        return failed(500, 'too_early');
      case 'FAILED':
      case 'REFUNDED':
        return this.contradicted(tx, payout, bill, finished, `success after ${payout.state}`);
    }
  }

  private async failure(tx: Tx, payout: Payout, bill: Bill, finished: Finished): Promise<NotifyAnswer> {
    if (payout.billNo !== bill.billNo) return succeeded('duplicate');
    switch (payout.state) {
      case 'FAILED':
      case 'REFUNDED':
        return succeeded('duplicate');
      case 'SENDING':
      case 'UNKNOWN':
      case 'WAIT_USER':
      case 'MANUAL':
        return this.fail(tx, payout, finished.fail_reason ?? finished.state);
      case 'PENDING':
        await this.payouts.touch(tx, payout, { nextInMs: 0 });
        return failed(500, 'too_early');
      case 'SETTLED':
        return this.contradicted(tx, payout, bill, finished, 'failure after SETTLED');
    }
  }

  /** A reason that will hit every bill pauses the channel, whoever brings it. */
  private async fail(tx: Tx, payout: Payout, why: string): Promise<NotifyAnswer> {
    await this.record.byCallback(tx, payout, { kind: 'failed', why });
    if (failReason(why).pausesChannel) await this.blocks.block(tx, payout.mchId, payout.channel, why, false);
    return succeeded('failed');
  }

  /** Nothing changes by itself any more: people look, and no new offer begins until they have. */
  private async contradicted(
    tx: Tx,
    payout: Payout,
    bill: Bill,
    { state, fail_reason: why = state }: Finished,
    detail: string,
  ): Promise<NotifyAnswer> {
    await this.record.contradiction(
      tx,
      payout,
      bill,
      state === 'SUCCESS' ? { kind: 'succeeded' } : { kind: 'failed', why },
    );
    await this.incidents.raise(tx, { kind: 'contradiction', payoutKey: payout.payoutKey, billNo: bill.billNo, detail });
    return succeeded('contradiction');
  }
}
