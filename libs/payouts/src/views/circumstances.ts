import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { Database, databaseNow, placeholders, textOf } from '@app/database';
import { shanghaiDay, shanghaiDayStart } from '@app/kernel';
import { FREEZING_KINDS } from '../cases/incident-kinds';
import { RecoveryState } from '../driving/recovery-state';
import type { Payout } from '../payout';
import { answerOf, type Circumstances, type ShutChannel } from './what-next';

interface LastAnswer {
  readonly said: string | null;
  readonly at: Date;
}

/** What must be known besides the row to say why a payout waits. A handful of reads for a whole page. */
@Injectable()
export class ReadCircumstances {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly recovery: RecoveryState,
  ) {}

  /** One for each payout key. */
  async of(payouts: readonly Payout[]): Promise<ReadonlyMap<string, Circumstances>> {
    if (payouts.length === 0) return new Map();
    const now = await databaseNow(this.database);
    const holds = await this.recovery.holds(this.database, payouts);
    const shut = await this.shut();
    const used = await this.usedToday(now);
    const frozen = await this.frozen(payouts);
    const answers = await this.lastAnswers(payouts);
    return new Map(
      payouts.map((payout) => [
        payout.payoutKey,
        {
          lastAnswer: answers.get(payout.billNo ?? '')?.said ?? null,
          shut: shut.get(`${payout.mchId}:${payout.channel}`) ?? null,
          recovering: holds === 'all' || holds.has(payout.payoutKey),
          ceilingReached: this.ceilingReached(payout, used, answers.get(payout.billNo ?? '')?.at ?? null, now),
          frozen: frozen.has(payout.payoutKey),
          waits: this.config.waits,
        },
      ]),
    );
  }

  recovering(): Promise<boolean> {
    return this.recovery.isOpen(this.database);
  }

  /** Fen of the bills sent today (Shanghai), by merchant account. */
  async usedToday(now: Date): Promise<ReadonlyMap<string, number>> {
    const rows = await this.database.query<{ mch_id: Buffer; born_fen: string }>(
      'SELECT mch_id, born_fen FROM merchant_days WHERE day = ?',
      [shanghaiDay(now)],
    );
    return new Map(rows.map((row) => [textOf(row.mch_id), Number(row.born_fen)]));
  }

  /** A bill that was sent today counts already; only one that is still to be sent can be kept back. */
  private ceilingReached(
    { mchId, amountFen, state }: Payout,
    used: ReadonlyMap<string, number>,
    lastAt: Date | null,
    now: Date,
  ): boolean {
    const ceiling = this.config.wechat.merchants.find((merchant) => merchant.mchId === mchId)?.dailyCeilingFen ?? null;
    if (ceiling === null || state !== 'PENDING') return false;
    if (lastAt !== null && lastAt >= shanghaiDayStart(shanghaiDay(now))) return false;
    return (used.get(mchId) ?? 0) + amountFen > ceiling;
  }

  private async shut(): Promise<ReadonlyMap<string, ShutChannel>> {
    const rows = await this.database.query<{ mch_id: Buffer; channel: Buffer; reason: Buffer; blocked_until: Date }>(
      "SELECT mch_id, channel, reason, blocked_until FROM channel_blocks WHERE reason <> ''",
    );
    return new Map(
      rows.map((row) => [
        `${textOf(row.mch_id)}:${textOf(row.channel)}`,
        { reason: textOf(row.reason), until: row.blocked_until },
      ]),
    );
  }

  private async frozen(payouts: readonly Payout[]): Promise<ReadonlySet<string>> {
    const rows = await this.database.query<{ payout_key: Buffer }>(
      `SELECT payout_key FROM payout_incidents WHERE payout_key IN (${placeholders(payouts)}) AND resolved_at IS NULL
         AND kind IN (${placeholders(FREEZING_KINDS)})`,
      [...payouts.map(({ payoutKey }) => payoutKey), ...FREEZING_KINDS],
    );
    return new Set(rows.map((row) => textOf(row.payout_key)));
  }

  /** By bill number: what the last finished exchange said. */
  private async lastAnswers(payouts: readonly Payout[]): Promise<ReadonlyMap<string, LastAnswer>> {
    const bills = payouts.flatMap(({ billNo }) => (billNo === null ? [] : [billNo]));
    if (bills.length === 0) return new Map();
    const rows = await this.database.query<{
      bill_no: Buffer;
      outcome: Buffer | null;
      why: string | null;
      at: Date;
    }>(
      `SELECT a.bill_no, a.outcome, LEFT(a.evidence, 80) AS why, a.started_at AS at FROM payout_attempts a
         JOIN (SELECT bill_no, MAX(attempt_no) AS attempt_no FROM payout_attempts
                WHERE bill_no IN (${placeholders(bills)}) AND finished_at IS NOT NULL GROUP BY bill_no) l
           ON l.bill_no = a.bill_no AND l.attempt_no = a.attempt_no`,
      bills,
    );
    return new Map(
      rows.flatMap((row) => {
        const said = answerOf(row.outcome === null ? null : textOf(row.outcome), row.why);
        return [[textOf(row.bill_no), { said, at: row.at }] as const];
      }),
    );
  }
}
