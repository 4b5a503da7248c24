import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { Database, databaseNow, textOf, UnitOfWork, type Tx } from '@app/database';
import { RunsEvery } from '@app/jobs';
import { addDays, shanghaiDay, shanghaiDayStart } from '@app/kernel';
import { Incidents } from '../cases/incidents';
import type { Payout } from '../payout';
import { AttemptsRepository } from './attempts.repository';
import { MerchantDaysRepository } from './merchant-days.repository';

/** A payout that is about to be sent. `born`: with this send its bill begins to exist. */
export interface Sender {
  readonly payout: Payout;
  readonly born: boolean;
}

const EVERY_MS = 60_000;

/**
 * The last fuse: a merchant account sends no more than its ceiling on a Shanghai day. A bill counts on every day on which it is sent, once,
 * whenever it was made: money can leave on each of them.
 */
@Injectable()
export class DailyCeilings {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly days: MerchantDaysRepository,
    private readonly attempts: AttemptsRepository,
    private readonly incidents: Incidents,
  ) {}

  /** Counts as many as fit into the day, those that were asked for first before others; returns the keys of those that do not fit. */
  async over(tx: Tx, senders: readonly Sender[], now: Date): Promise<ReadonlySet<string>> {
    const over = new Set<string>();
    for (const { mchId, dailyCeilingFen } of this.config.wechat.merchants) {
      if (dailyCeilingFen === null) continue;
      const own = senders.filter(({ payout }) => payout.mchId === mchId);
      const fresh = await this.notYetCounted(tx, own, now);
      for (const payoutKey of await this.ofMerchant(tx, mchId, dailyCeilingFen, fresh, now)) over.add(payoutKey);
    }
    return over;
  }

  /** The day of a case is over: its ceiling holds nobody back any more. */
  @RunsEvery('payouts.ceilings', () => EVERY_MS)
  async closeOfDaysPast(): Promise<void> {
    const today = shanghaiDay(await databaseNow(this.database));
    const rows = await this.database.query<{ incident_key: Buffer }>(
      "SELECT incident_key FROM payout_incidents WHERE resolved_at IS NULL AND kind = 'ceiling'",
    );
    const scopes = rows.map((row) => textOf(row.incident_key).slice('ceiling:'.length));
    for (const scope of scopes.filter((each) => (each.split(':')[1] ?? today) < today)) {
      await this.unitOfWork.run((tx) => this.incidents.resolve(tx, 'ceiling', scope));
    }
  }

  private async notYetCounted(tx: Tx, senders: readonly Sender[], now: Date): Promise<readonly Payout[]> {
    const known = senders.flatMap(({ payout, born }) => (born || payout.billNo === null ? [] : [payout.billNo]));
    const sent = await this.attempts.sentSince(tx, known, shanghaiDayStart(shanghaiDay(now)));
    return senders.filter(({ payout, born }) => born || !sent.has(payout.billNo ?? '')).map(({ payout }) => payout);
  }

  private async ofMerchant(
    tx: Tx,
    mchId: string,
    ceilingFen: number,
    payouts: readonly Payout[],
    now: Date,
  ): Promise<readonly string[]> {
    if (payouts.length === 0) return [];
    const day = shanghaiDay(now);
    const over: string[] = [];
    const used = await this.days.lock(tx, mchId, day);
    let fits = 0;
    for (const { payoutKey, amountFen } of [...payouts].sort((one, other) => +one.offeredAt - +other.offeredAt)) {
      if (used + fits + amountFen > ceilingFen) over.push(payoutKey);
      else fits += amountFen;
    }
    if (fits > 0) await this.days.add(tx, mchId, day, fits);
    if (over.length > 0) {
      const detail = `merchant ${mchId}: ${ceilingFen} fen of ${day} are used up`;
      await this.incidents.raise(tx, {
        ...{ kind: 'ceiling', payoutKey: null, billNo: null, detail },
        scope: `${mchId}:${day}`,
      });
    }
    return over;
  }
}

/** Until the next Shanghai day begins. */
export function untilTomorrow(now: Date): number {
  return shanghaiDayStart(addDays(shanghaiDay(now), 1)).getTime() - now.getTime();
}
