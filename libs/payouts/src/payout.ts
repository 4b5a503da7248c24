import { textOf } from '@app/database';
import { Defect, fenFromColumn, type Fen } from '@app/kernel';
import { PAYOUT_CHANNELS, type ChannelName } from './channels/payout-channel';
import { isProvenFailure, payoutState, type PayoutState, type ProvenFailure } from './payout-state';

/** A payouts row as the code sees it. */
export interface Payout {
  readonly payoutKey: string;
  readonly memberId: number;
  readonly campaignId: number;
  readonly versionId: number;
  readonly budgetId: number;
  readonly amountFen: Fen;
  readonly channel: ChannelName;
  readonly mchId: string;
  readonly state: PayoutState;
  readonly offerNo: number;
  readonly attemptNo: number;
  readonly moveNo: number;
  readonly billNo: string | null;
  readonly leaseUntil: Date | null;
  readonly nextAt: Date | null;
  readonly checks: number;
  readonly unknownSince: Date | null;
  readonly packageSealed: Buffer | null;
  readonly billExpiresAt: Date | null;
  readonly failReason: string | null;
  /** When the running offer began. */
  readonly offeredAt: Date;
  readonly settledAt: Date | null;
}

export interface PayoutRow {
  payout_key: Buffer;
  member_id: string;
  campaign_id: number;
  version_id: number;
  budget_id: number;
  amount_fen: string;
  channel: Buffer;
  mch_id: Buffer;
  state: Buffer;
  offer_no: number;
  attempt_no: number;
  move_no: number;
  bill_no: Buffer | null;
  lease_until: Date | null;
  next_at: Date | null;
  checks: number;
  unknown_since: Date | null;
  package_sealed: Buffer | null;
  bill_expires_at: Date | null;
  fail_reason: Buffer | null;
  offered_at: Date;
  settled_at: Date | null;
}

export const PAYOUT_COLUMNS = `payout_key, member_id, campaign_id, version_id, budget_id, amount_fen, channel, mch_id, state, offer_no,
  attempt_no, move_no, bill_no, lease_until, next_at, checks, unknown_since, package_sealed, bill_expires_at, fail_reason,
  offered_at, settled_at`;

export function payoutOf(row: PayoutRow): Payout {
  return {
    payoutKey: textOf(row.payout_key),
    memberId: Number(row.member_id),
    campaignId: row.campaign_id,
    versionId: row.version_id,
    budgetId: row.budget_id,
    amountFen: fenFromColumn(row.amount_fen),
    channel: channelName(textOf(row.channel)),
    mchId: textOf(row.mch_id),
    state: payoutState(textOf(row.state)),
    offerNo: row.offer_no,
    attemptNo: row.attempt_no,
    moveNo: row.move_no,
    billNo: row.bill_no === null ? null : textOf(row.bill_no),
    leaseUntil: row.lease_until,
    nextAt: row.next_at,
    checks: row.checks,
    unknownSince: row.unknown_since,
    packageSealed: row.package_sealed,
    billExpiresAt: row.bill_expires_at,
    failReason: row.fail_reason === null ? null : textOf(row.fail_reason),
    offeredAt: row.offered_at,
    settledAt: row.settled_at,
  };
}

/** A payout whose bill is proven to be over without effect: the only kind that may get another bill. */
export type FailedPayout = Payout & { readonly state: ProvenFailure };

export function asFailed(payout: Payout): FailedPayout | null {
  return isProvenFailure(payout.state) ? (payout as FailedPayout) : null;
}

export function channelName(text: string): ChannelName {
  const name = PAYOUT_CHANNELS.find((known) => known === text);
  if (!name) throw new Defect(`unknown payout channel ${text}`);
  return name;
}
