import { Injectable } from '@nestjs/common';
import { type Tx } from '@app/database';
import { Outbox } from '@app/jobs';
import { fen, type Fen, type MemberId } from '@app/kernel';
import { addToTotals } from './fold-scans';
import { MemberEventsRepository } from './member-events.repository';
import { MembersPayoutSettled } from './member-jobs';
import type { MemberEventKind } from './member-totals';
import { MembersRepository } from './members.repository';
import { SpendWindow } from './spend-window';

/** A settled (or refunded) offer of a payout. */
export interface MoneyMoved {
  readonly memberId: MemberId;
  readonly payoutKey: string;
  /** Which offer of the payout; 1 unless an earlier one was refunded. */
  readonly offerNo?: number;
  /** How often this offer was settled before: 0 unless people settled it after it had come back. */
  readonly turn?: number;
  readonly amountFen: Fen;
  readonly at: Date;
}

/** Money that reached a member, told by payouts in its own transaction and added to the member's totals by a job. */
@Injectable()
export class MemberMoney {
  constructor(
    private readonly outbox: Outbox,
    private readonly members: MembersRepository,
    private readonly events: MemberEventsRepository,
    private readonly spend: SpendWindow,
  ) {}

  /** To be called in the transaction that settles. Telling the same offer again changes nothing. */
  async recordMoneyReceived(tx: Tx, ...moved: readonly MoneyMoved[]): Promise<void> {
    await this.record(tx, 'received', 'paid', moved);
  }

  /** To be called in the transaction that moves settled payouts to REFUNDED. */
  async recordMoneyReturned(tx: Tx, ...moved: readonly MoneyMoved[]): Promise<void> {
    await this.record(tx, 'returned', 'returned', moved);
  }

  /** Adds a recorded event to the totals, once. */
  async fold(tx: Tx, member: MemberId, eventKey: string): Promise<void> {
    const effective = await this.members.lockEffective(tx, [member]);
    if (!effective.has(member)) return;
    const event = await this.events.claimUnfolded(tx, member, eventKey);
    if (event) await addToTotals(tx, this.members, effective, [event], await this.spend.from(tx));
  }

  private async record(tx: Tx, kind: MemberEventKind, prefix: string, moved: readonly MoneyMoved[]): Promise<void> {
    const keyed = moved.map((each) => ({
      ...each,
      eventKey: [prefix, each.payoutKey, each.offerNo ?? 1, ...(each.turn ? [each.turn] : [])].join(':'),
    }));
    const known = await this.events.present(
      tx,
      keyed.map(({ memberId, eventKey }) => [memberId, eventKey]),
    );
    const fresh = keyed.filter(({ memberId, eventKey }) => !known.has(`${memberId}/${eventKey}`));
    if (fresh.length === 0) return;
    await this.events.insert(
      tx,
      fresh.map(({ memberId, eventKey, at, amountFen, payoutKey }) => ({
        ...{ memberId, eventKey, kind, at, amountFen },
        ...{ spendFen: fen(0), adcode: null, data: { payout: payoutKey }, folded: false },
      })),
    );
    await this.outbox.appendMany(
      tx,
      MembersPayoutSettled,
      fresh.map(({ memberId, eventKey }) => ({ memberId, eventKey })),
    );
  }
}
