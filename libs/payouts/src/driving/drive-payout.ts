import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { Database, databaseNow, UnitOfWork, type Tx } from '@app/database';
import { Defect, memberId } from '@app/kernel';
import { OpenIds } from '@app/members';
import { LOGGER, type Logger } from '@app/observability';
import { AttemptsRepository } from './attempts.repository';
import { billNumber } from './bill-number';
import { Bills, requestHash, requestText } from './bills';
import { ChannelBlocksRepository } from '../channels/channel-blocks.repository';
import { Incidents } from '../cases/incidents';
import type { Payout } from '../payout';
import { PayoutChannels, type FrozenRequest, type Outcome } from '../channels/payout-channel';
import { PayoutsRepository } from './payouts.repository';
import { RateGate } from '../channels/rate-gate';
import { RecordOutcome, type Exchange } from './record-outcome';

/** Exchanges of one call at most: query, resend, cancel, and one to spare. */
const MAX_EXCHANGES = 4;

/**
 * Takes one payout a step further: commits what it is about to do, talks to WeChat with no transaction open, records the result
 * under the attempt number it took. May run any number of times, anywhere, for any payout.
 */
@Injectable()
export class DrivePayout {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly payouts: PayoutsRepository,
    private readonly attempts: AttemptsRepository,
    private readonly bills: Bills,
    private readonly blocks: ChannelBlocksRepository,
    private readonly incidents: Incidents,
    private readonly channels: PayoutChannels,
    private readonly openIds: OpenIds,
    private readonly rates: RateGate,
    private readonly record: RecordOutcome,
  ) {}

  /** Does nothing for a payout that is unknown, finished, not due, or driven by somebody else. */
  async run(payoutKey: string): Promise<void> {
    const payout = await this.payouts.find(this.database, payoutKey);
    if (!payout || payout.nextAt === null) return;
    const prepared = await this.prepare(payout);
    if (prepared === 'nobody') return this.unpayable(payoutKey);
    await this.rates.pass(payout.channel, payout.mchId, payout.state === 'PENDING' ? 'send' : 'query');
    let exchange = await this.unitOfWork.run((tx) => this.begin(tx, payoutKey, prepared));
    for (let count = 0; exchange !== null && count < MAX_EXCHANGES; count++) exchange = await this.complete(exchange);
  }

  /** The request of a first attempt. The payee is looked up before any transaction opens. */
  private async prepare(payout: Payout): Promise<FrozenRequest | 'nobody' | null> {
    if (payout.state !== 'PENDING' || payout.billNo !== null) return null;
    const openid = await this.openIds.openidOf(this.database, memberId(payout.memberId));
    if (openid === null) return 'nobody';
    return this.channels.of(payout.channel).prepare({
      billNo: billNumber(this.config.keys.bill, payout.payoutKey, payout.offerNo),
      mchId: payout.mchId,
      amountFen: payout.amountFen,
      openid,
    });
  }

  private async begin(tx: Tx, payoutKey: string, prepared: FrozenRequest | null): Promise<Exchange | null> {
    const payout = await this.payouts.lock(tx, payoutKey);
    if (!payout || payout.nextAt === null || payout.nextAt > (await databaseNow(tx))) return null;
    switch (payout.state) {
      case 'PENDING':
        return this.beginSend(tx, payout, prepared);
      case 'SENDING':
        return this.beginQuery(
          tx,
          await this.payouts.move(tx, payout, 'UNKNOWN', 'lease_lost', { checks: 0, unknownSince: 'now' }),
        );
      case 'UNKNOWN':
        return (await this.escalated(tx, payout)) ? null : this.beginQuery(tx, payout);
      case 'WAIT_USER':
        return this.beginQuery(tx, payout);
      default:
        return null;
    }
  }

  private async beginSend(tx: Tx, payout: Payout, prepared: FrozenRequest | null): Promise<Exchange | null> {
    const gate = await this.blocks.gate(tx, payout.mchId, payout.channel);
    if (gate.kind === 'closed') {
      await this.payouts.touch(tx, payout, { nextInMs: gate.waitMs });
      await this.alarmWhenOld(tx, payout);
      return null;
    }
    const request = await this.requestOf(tx, payout, prepared);
    if (!request) return null;
    const attemptNo = payout.attemptNo + 1;
    const { payoutLeaseMs } = this.config.waits;
    await this.payouts.move(tx, payout, 'SENDING', 'send', {
      billNo: request.billNo,
      attemptNo,
      leaseMs: payoutLeaseMs,
      nextInMs: payoutLeaseMs,
    });
    await this.note(tx, 'send', request, attemptNo);
    const { payoutKey } = payout;
    return { act: 'send', payoutKey, billNo: request.billNo, attemptNo, request, probe: gate.kind === 'probe' };
  }

  /** The stored request of this offer, or the prepared one, now stored. Null when the offer changed since it was prepared. */
  private async requestOf(tx: Tx, payout: Payout, prepared: FrozenRequest | null): Promise<FrozenRequest | null> {
    const billNo = billNumber(this.config.keys.bill, payout.payoutKey, payout.offerNo);
    if (payout.billNo !== null && payout.billNo !== billNo)
      throw new Defect(`payout ${payout.payoutKey} has a foreign bill`);
    const bill = await this.bills.find(tx, billNo);
    if (bill) return this.bills.open(bill, payout);
    if (prepared === null || prepared.billNo !== billNo) return null;
    await this.bills.freeze(tx, payout, prepared);
    return prepared;
  }

  private async beginQuery(tx: Tx, payout: Payout): Promise<Exchange> {
    const { payoutKey, billNo } = payout;
    const bill = billNo === null ? null : await this.bills.find(tx, billNo);
    if (!bill) throw new Defect(`payout ${payoutKey} is ${payout.state} without a bill`);
    const request = this.bills.open(bill, payout);
    const attemptNo = payout.attemptNo + 1;
    const { payoutLeaseMs } = this.config.waits;
    await this.payouts.touch(tx, payout, { attemptNo, leaseMs: payoutLeaseMs, nextInMs: payoutLeaseMs });
    await this.note(tx, 'query', request, attemptNo);
    return { act: 'query', payoutKey, billNo: bill.billNo, attemptNo, request, probe: false };
  }

  private note(tx: Tx, act: 'send' | 'query', request: FrozenRequest, attemptNo: number): Promise<void> {
    const hash = requestHash(requestText(request));
    return this.attempts.begin(tx, { billNo: request.billNo, attemptNo, act, requestHash: hash });
  }

  /** No transaction is open while WeChat is asked. */
  private async complete(exchange: Exchange): Promise<Exchange | null> {
    const channel = this.channels.of(exchange.request.channel);
    const outcome = await this.talk(exchange);
    this.logger.info(
      {
        payoutKey: exchange.payoutKey,
        act: exchange.act,
        attemptNo: exchange.attemptNo,
        meaning: outcome.meaning.kind,
      },
      'payout.exchange',
    );
    return this.unitOfWork.run((tx) => this.record.byExchange(tx, exchange, outcome, channel.handsOutPackage));
  }

  private talk({ act, request }: Exchange): Promise<Outcome> {
    const channel = this.channels.of(request.channel);
    if (act === 'send') return channel.send(request);
    if (act === 'query') return channel.query(request);
    if (!channel.cancel) throw new Defect(`${channel.name} has no cancel`);
    return channel.cancel(request);
  }

  private async escalated(tx: Tx, payout: Payout): Promise<boolean> {
    const { payoutKey, billNo, unknownSince } = payout;
    const limit = this.config.waits.escalateAfterMs;
    if (unknownSince === null || (await databaseNow(tx)).getTime() - unknownSince.getTime() < limit) return false;
    await this.payouts.move(tx, payout, 'MANUAL', 'unknown_too_long', { nextInMs: null, leaseMs: null });
    await this.incidents.raise(tx, { kind: 'stuck', payoutKey, billNo, detail: 'WeChat gave no clear answer in time' });
    return true;
  }

  private async alarmWhenOld(tx: Tx, payout: Payout): Promise<void> {
    const age = (await databaseNow(tx)).getTime() - payout.offeredAt.getTime();
    if (age < this.config.waits.escalateAfterMs) return;
    const { payoutKey, billNo } = payout;
    await this.incidents.raise(tx, { kind: 'stuck', payoutKey, billNo, detail: 'the channel stays blocked' });
  }

  /** Nobody to pay (erased). Tried again slowly, in case the person comes back; people are told. */
  private async unpayable(payoutKey: string): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const payout = await this.payouts.lock(tx, payoutKey);
      if (payout?.state !== 'PENDING') return;
      await this.payouts.touch(tx, payout, { nextInMs: this.config.waits.escalateAfterMs });
      const detail = 'the member has no openid any more';
      await this.incidents.raise(tx, { kind: 'unpayable', payoutKey, billNo: null, detail });
    });
  }
}
