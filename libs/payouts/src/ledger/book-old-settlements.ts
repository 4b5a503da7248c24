import { Inject, Injectable } from '@nestjs/common';
import { Database, placeholders, textOf, UnitOfWork } from '@app/database';
import { fenFromColumn, type Fen } from '@app/kernel';
import { LOGGER, type Logger } from '@app/observability';
import { channelName } from '../payout';
import { GrantUses } from './grant-uses';
import { bookJournals, journal, transfer } from './journal';
import type { BudgetRange } from './ledger-check';
import { clearing, type Settled } from './settlements';

const AT_ONCE = 200;
const MOST_ROUNDS = 500;
/** Nobody leaves an earlier release running for longer beside this one. */
const WITHIN_DAYS = 35;

/**
 * While a new release replaces an earlier one, a worker of that one may still settle payouts after the migrations. What it does not know
 * (the clearing account, the use of grants) is booked here, once, as the migration booked it for everything before. Only for payouts whose
 * money that worker did book on their budget: anything else stays a fault.
 */
@Injectable()
export class BookOldSettlements {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly uses: GrantUses,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Of these budgets; returns how many payouts were completed. Throws Defect when the approved grants do not reach. */
  async run(range: BudgetRange): Promise<number> {
    let booked = 0;
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const keys = await this.missing(range);
      if (keys.length === 0) break;
      booked += await this.book(keys);
    }
    if (booked > 0) this.log.warn({ ...range, payouts: booked }, 'ledger.earlier_release_completed');
    return booked;
  }

  private async missing({ from, to }: BudgetRange): Promise<string[]> {
    const rows = await this.database.query<{ payout_key: Buffer }>(
      `SELECT p.payout_key FROM payouts p
        WHERE ${OLD} AND p.budget_id >= ? AND p.budget_id < ? AND p.settled_at >= UTC_TIMESTAMP(6) - INTERVAL ${WITHIN_DAYS} DAY
        ORDER BY p.settled_at, p.payout_key LIMIT ${AT_ONCE}`,
      [from, to],
    );
    return rows.map((row) => textOf(row.payout_key)).sort();
  }

  private book(keys: readonly string[]): Promise<number> {
    return this.unitOfWork.run(async (tx) => {
      const known = placeholders(keys);
      await tx.query(
        `SELECT payout_key FROM payouts WHERE payout_key IN (${known}) ORDER BY payout_key FOR UPDATE`,
        keys,
      );
      const rows = await tx.query<Row>(
        `SELECT p.payout_key, p.offer_no, p.budget_id, p.amount_fen, p.member_id, p.campaign_id, p.channel, p.mch_id
           FROM payouts p WHERE ${OLD} AND p.payout_key IN (${known}) ORDER BY p.settled_at, p.payout_key`,
        keys,
      );
      const payouts = rows.map(settledOf);
      await bookJournals(tx, payouts.map(cleared));
      await this.uses.charge(tx, payouts);
      return payouts.length;
    });
  }
}

/** Settled and charged to no grant, and its journal has the two legs of the budget alone. */
const OLD = `p.state = 'SETTLED'
  AND NOT EXISTS (SELECT 1 FROM grant_uses u WHERE u.payout_key = p.payout_key AND u.offer_no = p.offer_no)
  AND (SELECT COUNT(*) FROM ledger_legs l WHERE l.journal_key = CONCAT('settle:', p.payout_key, ':', p.offer_no)) = 2`;

interface Row {
  payout_key: Buffer;
  offer_no: number;
  budget_id: number;
  amount_fen: string;
  member_id: string;
  campaign_id: number;
  channel: Buffer;
  mch_id: Buffer;
}

function settledOf(row: Row): Settled & { readonly amountFen: Fen } {
  return {
    ...{ payoutKey: textOf(row.payout_key), offerNo: row.offer_no, budgetId: row.budget_id },
    ...{ amountFen: fenFromColumn(row.amount_fen), memberId: Number(row.member_id), campaignId: row.campaign_id },
    ...{ channel: channelName(textOf(row.channel)), mchId: textOf(row.mch_id) },
  };
}

function cleared(payout: Settled): ReturnType<typeof journal> {
  const { payoutKey, offerNo, amountFen, memberId } = payout;
  return journal({
    key: `cleared:${payoutKey}:${offerNo}`,
    kind: 'settle',
    legs: transfer(clearing(payout), `member:${memberId}`, amountFen),
    memo: 'clearing of what an earlier release settled',
  });
}
