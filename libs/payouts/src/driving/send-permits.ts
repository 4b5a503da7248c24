import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import type { Tx } from '@app/database';
import { addDays, shanghaiDay, shanghaiDayStart } from '@app/kernel';
import { ChannelBlocksRepository, type Gate } from '../channels/channel-blocks.repository';
import { frozenAmong } from '../cases/frozen-payouts';
import { Incidents } from '../cases/incidents';
import type { Payout } from '../payout';
import { MerchantDaysRepository } from './merchant-days.repository';
import { RecoveryState } from './recovery-state';

/** May this payout be sent now? `probe`: the channel is blocked, and this one send finds out whether it still is. */
export type Permit =
  | { readonly kind: 'open'; readonly probe: boolean }
  | { readonly kind: 'closed'; readonly why: 'recovery' | 'frozen' | 'blocked' | 'ceiling'; readonly waitMs: number };

/** A payout that wants to be sent. `born`: with this send its bill begins to exist. */
export interface Sender {
  readonly payout: Payout;
  readonly born: boolean;
}

/** While the database is being recovered the whole line waits; asking more often than this helps nobody. */
const RECOVERY_WAIT_MS = 15_000;

/**
 * What stands in the way of a send besides its own state: a recovery, people who must look at the payout first, the channel's breaker, the
 * merchant's ceiling of the day.
 */
@Injectable()
export class SendPermits {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly recovery: RecoveryState,
    private readonly blocks: ChannelBlocksRepository,
    private readonly days: MerchantDaysRepository,
    private readonly incidents: Incidents,
  ) {}

  /** One answer per sender, by payout key. What is allowed to be born is counted in this transaction. */
  async of(tx: Tx, senders: readonly Sender[], now: Date): Promise<ReadonlyMap<string, Permit>> {
    const permits = new Map<string, Permit>();
    if (senders.length === 0) return permits;
    if (await this.recovery.isOpen(tx)) {
      const waitMs = Math.min(this.config.waits.retryMs[1], RECOVERY_WAIT_MS);
      for (const { payout } of senders) permits.set(payout.payoutKey, { kind: 'closed', why: 'recovery', waitMs });
      return permits;
    }
    const frozen = await frozenAmong(
      tx,
      senders.map(({ payout }) => payout.payoutKey),
    );
    const gates = new Map<string, Gate>();
    for (const { payout } of senders) {
      const { channel, mchId, payoutKey } = payout;
      if (frozen.has(payoutKey)) {
        permits.set(payoutKey, { kind: 'closed', why: 'frozen', waitMs: this.config.waits.retryMs[1] });
        continue;
      }
      const name = `${mchId}:${channel}`;
      const gate = gates.get(name) ?? (await this.blocks.gate(tx, mchId, channel));
      permits.set(payoutKey, permitOf(gate));
      // One send probes; the others of its group wait for what it finds.
      gates.set(name, gate.kind === 'probe' ? { kind: 'closed', waitMs: this.config.waits.retryMs[0] } : gate);
    }
    for (const { mchId, dailyCeilingFen } of this.config.wechat.merchants) {
      if (dailyCeilingFen === null) continue;
      const born = senders.filter(
        (each) => each.born && each.payout.mchId === mchId && permits.get(each.payout.payoutKey)!.kind === 'open',
      );
      const over = await this.overCeiling(tx, mchId, dailyCeilingFen, born, now);
      const waitMs = untilTomorrow(now);
      for (const { payoutKey } of over) permits.set(payoutKey, { kind: 'closed', why: 'ceiling', waitMs });
    }
    return permits;
  }

  /** Counts as many as fit into the day, those that were asked for first before others; returns those that do not fit. */
  private async overCeiling(
    tx: Tx,
    mchId: string,
    ceilingFen: number,
    born: readonly Sender[],
    now: Date,
  ): Promise<readonly Payout[]> {
    if (born.length === 0) return [];
    const day = shanghaiDay(now);
    const over: Payout[] = [];
    const used = await this.days.lock(tx, mchId, day);
    let fits = 0;
    for (const { payout } of [...born].sort((one, other) => +one.payout.offeredAt - +other.payout.offeredAt)) {
      if (used + fits + payout.amountFen > ceilingFen) over.push(payout);
      else fits += payout.amountFen;
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

function permitOf(gate: Gate): Permit {
  if (gate.kind === 'closed') return { kind: 'closed', why: 'blocked', waitMs: gate.waitMs };
  return { kind: 'open', probe: gate.kind === 'probe' };
}

function untilTomorrow(now: Date): number {
  return shanghaiDayStart(addDays(shanghaiDay(now), 1)).getTime() - now.getTime();
}
