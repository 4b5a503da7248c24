import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { UnitOfWork, type Tx } from '@app/database';
import { counter, LOGGER, type Logger } from '@app/observability';
import { NotifyVerifier, type NotifyHeaders } from '@app/wechat';
import { Bills, type Bill } from '../driving/bills';
import { Incidents } from '../cases/incidents';
import type { Payout } from '../payout';
import { PayoutsRepository } from '../driving/payouts.repository';
import { RecordOutcome } from '../driving/record-outcome';
import { failed, succeeded, type NotifyAnswer } from './notify-answer';

const FINISHED = 'MCHTRANSFER.BILL.FINISHED';
const answers = counter('wechat_notify_total', 'Callbacks by answer', ['answer'] as const);

const finishedSchema = z
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
type Finished = z.infer<typeof finishedSchema>;

/** A transfer has ended, says somebody who claims to be WeChat. */
@Injectable()
export class HandleTransferNotify {
  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly verifier: NotifyVerifier,
    private readonly unitOfWork: UnitOfWork,
    private readonly payouts: PayoutsRepository,
    private readonly bills: Bills,
    private readonly record: RecordOutcome,
    private readonly incidents: Incidents,
  ) {}

  /**
   * `rawBody` as it came over the wire. Idempotent; anything that is not proven genuine, ours and equal to our bill changes
   * nothing. 500 asks WeChat to come again.
   */
  async run(headers: NotifyHeaders, rawBody: Buffer): Promise<NotifyAnswer> {
    const answer = await this.answer(headers, rawBody);
    answers.inc({ answer: answer.body.message });
    return answer;
  }

  private async answer(headers: NotifyHeaders, rawBody: Buffer): Promise<NotifyAnswer> {
    const verdict = this.verifier.verifyNotify(headers, rawBody);
    if (verdict.kind === 'refused') {
      if (verdict.reason !== 'probe') this.logger.warn({ reason: verdict.reason }, 'wechat.notify.refused');
      return failed(401, verdict.reason);
    }
    if (verdict.eventType !== FINISHED) return succeeded('ignored');
    const finished = finishedSchema.safeParse(verdict.resource);
    if (!finished.success) return failed(403, 'malformed');
    return this.unitOfWork.run((tx) => this.apply(tx, finished.data, verdict.mchId));
  }

  private async apply(tx: Tx, finished: Finished, mchId: string): Promise<NotifyAnswer> {
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
    return finished.state === 'SUCCESS' ? this.success(tx, payout, bill) : this.failure(tx, payout, bill, finished);
  }

  private differenceOf(bill: Bill, finished: Finished, mchId: string): string | null {
    if (bill.mchId !== mchId || bill.mchId !== (finished.mch_id ?? finished.mchid)) return 'merchant';
    if (bill.amountFen !== finished.transfer_amount) return 'amount';
    if (finished.openid !== undefined && !this.bills.isPayee(bill, finished.openid)) return 'person';
    return null;
  }

  private async success(tx: Tx, payout: Payout, bill: Bill): Promise<NotifyAnswer> {
    if (payout.billNo !== bill.billNo)
      return this.contradicted(tx, payout, bill, 'success of an offer that had failed');
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
        return this.contradicted(tx, payout, bill, `success after ${payout.state}`);
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
        await this.record.byCallback(tx, payout, { kind: 'failed', why: finished.fail_reason ?? finished.state });
        return succeeded('failed');
      case 'PENDING':
        await this.payouts.touch(tx, payout, { nextInMs: 0 });
        return failed(500, 'too_early');
      case 'SETTLED':
        return this.contradicted(tx, payout, bill, 'failure after SETTLED');
    }
  }

  /** Nothing changes by itself any more: people look, and no new offer begins until they have. */
  private async contradicted(tx: Tx, payout: Payout, bill: Bill, detail: string): Promise<NotifyAnswer> {
    await this.incidents.raise(tx, { kind: 'contradiction', payoutKey: payout.payoutKey, billNo: bill.billNo, detail });
    return succeeded('contradiction');
  }
}
