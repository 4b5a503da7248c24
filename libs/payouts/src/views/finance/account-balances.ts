import { Injectable } from '@nestjs/common';
import { bulkUpsert, Database, databaseNow, textOf, UnitOfWork, type Tx } from '@app/database';
import { RunsEvery } from '@app/jobs';
import { Defect } from '@app/kernel';

/** What is not a budget's, and not one member's: as the ledger stands at one moment. Whole fen, signed. */
export interface AccountBalances {
  /** By `mchId:channel`: paid by our word and not yet found in the channel's bill file, as a negative number. */
  readonly clearing: ReadonlyMap<string, number>;
  /** By mchId: our copy of the merchant account's balance. */
  readonly merchants: ReadonlyMap<string, number>;
  /** The rest of the world: minus what was topped up. */
  readonly outsideFen: number;
  /** All that members got. Every journal sums to zero, so it is what the other accounts are short of. */
  readonly membersFen: number;
}

/** No transaction of ours stays open so long: what is booked before it is all there. */
const SETTLED_AFTER_MS = 600_000;
const EVERY_MS = 60_000;
/** Journals of one transaction at most, and how many transactions one run may take. */
const JOURNALS_AT_ONCE = 20_000;
const SLICES = 50;
const BEGINNING = new Date('2000-01-01T00:00:00Z');

const KEPT = `(l.account LIKE 'channel:%' OR l.account LIKE 'merchant:%' OR l.account = 'outside')`;

/** Balances of accounts that everybody's money goes through: a sum that is kept up to ten minutes ago, and the journals since. */
@Injectable()
export class AccountBalancesModel {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** One statement, so a mark that moves meanwhile cannot count a journal twice. */
  async read(): Promise<AccountBalances> {
    const rows = await this.database.query<{ account: Buffer; fen: string }>(
      `SELECT x.account, SUM(x.fen) AS fen FROM (
         SELECT account, balance_fen AS fen FROM account_marks
         UNION ALL
         SELECT l.account, l.amount_fen FROM ledger_journals j JOIN ledger_legs l USING (journal_key)
          WHERE j.at >= COALESCE((SELECT upto_at FROM account_mark_position WHERE id = 1), ?) AND ${KEPT}) x
       GROUP BY x.account`,
      [BEGINNING],
    );
    const clearing = new Map<string, number>();
    const merchants = new Map<string, number>();
    let [outsideFen, all] = [0, 0];
    for (const { account, fen } of rows) {
      const [kind, ...rest] = textOf(account).split(':');
      const amount = Number(fen);
      all += amount;
      if (kind === 'channel') clearing.set(rest.join(':'), amount);
      else if (kind === 'merchant') merchants.set(rest.join(':'), amount);
      else outsideFen = amount;
    }
    if (!Number.isSafeInteger(all)) throw new Defect('balances beyond what a number holds');
    return { clearing, merchants, outsideFen, membersFen: all === 0 ? 0 : -all };
  }

  /** Moves the marks up. Two at a time wait for each other at the position's row. */
  @RunsEvery('payouts.account-marks', () => EVERY_MS)
  async keepUp(): Promise<void> {
    for (let slice = 0; slice < SLICES; slice++) {
      if (!(await this.unitOfWork.run((tx) => this.advance(tx)))) return;
    }
  }

  private async advance(tx: Tx): Promise<boolean> {
    await bulkUpsert(tx, 'account_mark_position', ['id', 'upto_at'], [[1, BEGINNING]], { update: ['id'] });
    const [position] = await tx.query<{ upto: string }>(
      'SELECT CAST(upto_at AS CHAR) AS upto FROM account_mark_position WHERE id = 1 FOR UPDATE',
    );
    const from = position!.upto;
    const to = await this.nextStop(tx, from);
    if (to <= from) return false;
    const sums = await tx.query<{ account: Buffer; fen: string }>(
      `SELECT l.account, SUM(l.amount_fen) AS fen FROM ledger_journals j JOIN ledger_legs l USING (journal_key)
        WHERE j.at >= ? AND j.at < ? AND ${KEPT} GROUP BY l.account`,
      [from, to],
    );
    await bulkUpsert(
      tx,
      'account_marks',
      ['account', 'balance_fen'],
      sums.map(({ account, fen }) => [account, fen]),
      { update: ['balance_fen = balance_fen + VALUES(balance_fen)'] },
    );
    await tx.execute('UPDATE account_mark_position SET upto_at = ? WHERE id = 1', [to]);
    return true;
  }

  /** Texts of times compare as the times do. */
  private async nextStop(tx: Tx, from: string): Promise<string> {
    const latest = new Date((await databaseNow(tx)).getTime() - SETTLED_AFTER_MS)
      .toISOString()
      .replace('T', ' ')
      .slice(0, -1);
    const [full] = await tx.query<{ at: string }>(
      `SELECT CAST(at AS CHAR) AS at FROM ledger_journals WHERE at > ? ORDER BY at LIMIT 1 OFFSET ${JOURNALS_AT_ONCE}`,
      [from],
    );
    return full && full.at < latest ? full.at : latest;
  }
}
