import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import type { Tx } from '@app/database';
import { ChannelBlocksRepository, type Gate } from '../channels/channel-blocks.repository';
import { frozenAmong } from '../cases/frozen-payouts';
import type { Payout } from '../payout';
import { DailyCeilings, untilTomorrow, type Sender } from './daily-ceilings';
import { RecoveryState } from './recovery-state';

/** May this payout be sent now? `probe`: the channel is blocked, and this one send finds out whether it still is. */
export type Permit =
  | { readonly kind: 'open'; readonly probe: boolean }
  | { readonly kind: 'closed'; readonly why: 'recovery' | 'frozen' | 'blocked' | 'ceiling'; readonly waitMs: number };

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
    private readonly ceilings: DailyCeilings,
  ) {}

  /** One answer per sender, by payout key. What is allowed is counted against the ceiling of the day in this transaction. */
  async of(tx: Tx, senders: readonly Sender[], now: Date): Promise<ReadonlyMap<string, Permit>> {
    const permits = new Map<string, Permit>();
    if (senders.length === 0) return permits;
    const holds = await this.recovery.holds(
      tx,
      senders.map(({ payout }) => payout),
    );
    const recovering = { kind: 'closed', why: 'recovery', waitMs: this.recoveryWaitMs() } as const;
    if (holds === 'all') return new Map(senders.map(({ payout }) => [payout.payoutKey, recovering]));
    const frozen = await frozenAmong(
      tx,
      senders.map(({ payout }) => payout.payoutKey),
    );
    const gates = new Map<string, Gate>();
    for (const { payout } of senders) {
      const { channel, mchId, payoutKey } = payout;
      if (holds.has(payoutKey)) {
        permits.set(payoutKey, recovering);
        continue;
      }
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
    const open = senders.filter(({ payout }) => permits.get(payout.payoutKey)!.kind === 'open');
    const waitMs = untilTomorrow(now);
    for (const payoutKey of await this.ceilings.over(tx, open, now)) {
      permits.set(payoutKey, { kind: 'closed', why: 'ceiling', waitMs });
    }
    return permits;
  }

  /**
   * The same for bills that WeChat does not have and that would be sent again at once: how long those must wait that may not, by payout
   * key.
   */
  async holdResends(tx: Tx, payouts: readonly Payout[], now: Date): Promise<ReadonlyMap<string, number>> {
    const held = new Map<string, number>();
    if (payouts.length === 0) return held;
    const { queryLadderMs } = this.config.waits;
    const holds = await this.recovery.holds(tx, payouts);
    const frozen = await frozenAmong(
      tx,
      payouts.map(({ payoutKey }) => payoutKey),
    );
    for (const { payoutKey } of payouts) {
      if (holds === 'all' || holds.has(payoutKey) || frozen.has(payoutKey)) held.set(payoutKey, queryLadderMs[0]!);
    }
    const free = payouts.filter(({ payoutKey }) => !held.has(payoutKey)).map((payout) => ({ payout, born: false }));
    const waitMs = Math.min(untilTomorrow(now), queryLadderMs.at(-1)!);
    for (const payoutKey of await this.ceilings.over(tx, free, now)) held.set(payoutKey, waitMs);
    return held;
  }

  private recoveryWaitMs(): number {
    return Math.min(this.config.waits.retryMs[1], RECOVERY_WAIT_MS);
  }
}

function permitOf(gate: Gate): Permit {
  if (gate.kind === 'closed') return { kind: 'closed', why: 'blocked', waitMs: gate.waitMs };
  return { kind: 'open', probe: gate.kind === 'probe' };
}
