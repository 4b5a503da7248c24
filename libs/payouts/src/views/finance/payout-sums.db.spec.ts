import { openTestDatabase, type TestDatabase } from '@app/testing';
import { LedgerSummaries } from '../../ledger/ledger-summary';
import { PAYOUT_STATES } from '../../payout-state';
import { openPayouts, PLANTED_CAMPAIGN, type PayoutsRig } from '../../driving/payouts-rig.contract';
import { FinanceOverviewModel } from './finance-overview';
import { PayoutSums, SUM_KINDS } from './payout-sums';

jest.setTimeout(120_000);

let db: TestDatabase;
let rig: PayoutsRig;
beforeAll(async () => {
  db = await openTestDatabase({ own: 'payout_sums' });
  rig = await openPayouts(db);
}, 60_000);
beforeEach(async () => {
  for (const table of ['payouts', 'payout_moves', 'payout_hours', 'account_mark_position']) {
    await db.asOwner.query(`DELETE FROM ${table}`);
  }
});
afterAll(async () => {
  await rig.close();
  await db.close();
});

/** Payouts of the last `hours`, each with the moves of a life that ends in its state. */
async function plant(count: number, hours: number): Promise<void> {
  const at = `UTC_TIMESTAMP(6) - INTERVAL (seq * ${hours * 3600} DIV ${count}) SECOND`;
  const state = "ELT(1 + seq % 5, 'SETTLED', 'SETTLED', 'FAILED', 'REFUNDED', 'WAIT_USER')";
  await db.asOwner.query(
    `INSERT INTO payouts (payout_key, member_id, campaign_id, version_id, budget_id, amount_fen, channel, mch_id, state, move_no,
       offered_at, created_at, updated_at, settled_at)
     SELECT CONCAT('7:1:', seq, ':0'), 1, ${PLANTED_CAMPAIGN}, 1, 1, 100 + seq % 7, 'transfer_confirm_v3', '1900000109', ${state}, 5,
       ${at}, ${at}, ${at}, ${at} FROM seq_1_to_${count}`,
  );
  const moves = [
    ["'SENDING'", "'SETTLED'", "IN ('SETTLED', 'REFUNDED')", 1],
    ["'SETTLED'", "'REFUNDED'", "= 'REFUNDED'", 2],
    ["'SENDING'", "'FAILED'", "= 'FAILED'", 3],
    ["'SENDING'", "'FAILED'", "= 'WAIT_USER'", 4],
    ["'FAILED'", "'PENDING'", "= 'WAIT_USER'", 5],
    ["'SENDING'", "'PENDING'", "= 'WAIT_USER'", 6],
  ] as const;
  for (const [from, to, of, no] of moves) {
    await db.asOwner.query(
      `INSERT INTO payout_moves (payout_key, move_no, from_state, to_state, bill_no, reason, at)
       SELECT payout_key, ${no}, ${from}, ${to}, NULL, 'planted', created_at FROM payouts WHERE state ${of}`,
    );
  }
}

/** The same, counted one by one. */
async function counted(since: string): Promise<Record<string, { count: number; fen: number }>> {
  const rows: { kind: Buffer | string; count: string; fen: string | null }[] = await db.asOwner.query(
    `SELECT 'claimed' AS kind, COUNT(*) AS count, SUM(amount_fen) AS fen FROM payouts WHERE created_at >= ${since}
     UNION ALL SELECT CONCAT('to:', to_state), COUNT(*), SUM(amount_fen) FROM payout_moves JOIN payouts USING (payout_key)
       WHERE to_state IN ('SETTLED', 'FAILED', 'REFUNDED') AND at >= ${since} GROUP BY to_state
     UNION ALL SELECT CONCAT('from:', from_state), COUNT(*), SUM(amount_fen) FROM payout_moves JOIN payouts USING (payout_key)
       WHERE from_state IN ('FAILED', 'REFUNDED') AND at >= ${since} GROUP BY from_state`,
  );
  const sums = Object.fromEntries(SUM_KINDS.map((kind) => [kind, { count: 0, fen: 0 }]));
  for (const { kind, count, fen } of rows) sums[String(kind)] = { count: Number(count), fen: Number(fen) };
  return sums;
}

it('is what counting one by one gives, before, between and after its marks move, whichever hour it begins', async () => {
  const sums = rig.get(PayoutSums);
  await plant(2_000, 40);
  const everything = await counted("'2000-01-01'");
  const since = new Date(Math.floor(Date.now() / 3_600_000 - 10) * 3_600_000);
  const part = await counted(`'${since.toISOString().slice(0, 19).replace('T', ' ')}'`);
  const look = async () => [await sums.read(null), await sums.read(since)];
  expect(await look()).toEqual([everything, part]);
  const keeping = Promise.all([sums.keepUp(), sums.keepUp()]);
  for (let times = 0; times < 5; times++) expect(await look()).toEqual([everything, part]);
  await keeping;
  expect(await look()).toEqual([everything, part]);
  const [kept] = await db.asOwner.query<{ count: string }[]>('SELECT SUM(payouts) AS count FROM payout_hours');
  expect(Number(kept!.count)).toBeGreaterThan(2_000);
});

it('states of the summary add up from what came and went', async () => {
  await plant(1_000, 30);
  await rig.get(PayoutSums).keepUp();
  const { byState } = await rig.get(LedgerSummaries).ledgerSummary();
  const rows: { state: Buffer; count: string; fen: string }[] = await db.asOwner.query(
    'SELECT state, COUNT(*) AS count, SUM(amount_fen) AS fen FROM payouts GROUP BY state',
  );
  const found = new Map(rows.map((row) => [row.state.toString(), { count: Number(row.count), fen: Number(row.fen) }]));
  for (const state of PAYOUT_STATES)
    expect([state, byState[state]]).toEqual([state, found.get(state) ?? { count: 0, fen: 0 }]);
});

it('does not walk through the day: of 150,000 payouts today only the last minutes are read', async () => {
  await plant(150_000, 12);
  await rig.get(PayoutSums).keepUp();
  const times: number[] = [];
  for (let turn = 0; turn < 7; turn++) {
    const begun = performance.now();
    await rig.get(FinanceOverviewModel).read(1);
    times.push(performance.now() - begun);
  }
  const median = times.sort((one, other) => one - other)[3]!;
  process.stdout.write(`finance overview with 150,000 payouts today: ${median.toFixed(0)} ms\n`);
  const [read] = await db.asOwner.query<{ count: string }[]>(
    'SELECT COUNT(*) AS count FROM payouts WHERE created_at >= (SELECT upto_at FROM account_mark_position WHERE id = 2)',
  );
  expect(Number(read!.count)).toBeLessThan(5_000);
  expect(median).toBeLessThan(600);
});
