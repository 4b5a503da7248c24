import { Injectable } from '@nestjs/common';
import { placeholders, textOf, type Reader } from '@app/database';
import { fenFromColumn, type Fen, type MemberId } from '@app/kernel';
import type { ChannelName } from '../channels/payout-channel';
import { channelName } from '../payout';
import { payoutState, type PayoutState } from '../payout-state';

/** All payouts of some members that are in one state. */
export interface PayoutSum {
  readonly state: PayoutState;
  readonly channel: ChannelName;
  readonly count: number;
  readonly amountFen: Fen;
}

@Injectable()
export class MemberPayoutSums {
  async of(reader: Reader, members: readonly MemberId[]): Promise<PayoutSum[]> {
    const rows = await reader.query<{ state: Buffer; channel: Buffer; count: string; amount_fen: string }>(
      `SELECT state, channel, COUNT(*) AS count, SUM(amount_fen) AS amount_fen FROM payouts
        WHERE member_id IN (${placeholders(members)}) GROUP BY state, channel`,
      members,
    );
    return rows.map((row) => ({
      state: payoutState(textOf(row.state)),
      channel: channelName(textOf(row.channel)),
      count: Number(row.count),
      amountFen: fenFromColumn(row.amount_fen),
    }));
  }
}
