import { errorNumber, UnitOfWork } from '@app/database';
import { Defect, fen, Rejected } from '@app/kernel';
import { openTestDatabase, type TestDatabase } from '@app/testing';
import { Budgets } from './budgets';
import { Confirmations } from './confirmations';
import { Corrections } from './corrections';
import { GrantUses } from './grant-uses';
import { ApproveGrant, CreateBudget, RequestGrant } from './grants';
import { LedgerCheck } from './ledger-check';
import { Settlements, type Settled } from './settlements';

let db: TestDatabase;
let unitOfWork: UnitOfWork;
const budgets = new Budgets();
const settlements = new Settlements(budgets, new GrantUses());
const confirmations = new Confirmations();
const corrections = new Corrections(new GrantUses());
beforeAll(async () => {
  db = await openTestDatabase({ poolSize: 20, own: 'ledger' });
  unitOfWork = db.unitOfWork;
}, 60_000);
afterAll(() => db.close());
jest.setTimeout(30_000);

let serial = Date.now() % 1_000_000_000;
const mchId = `${1_600_000_000 + (serial % 99_999_999)}`;
const channel = 'transfer_confirm_v3' as const;

/** A budget with grants of these amounts, approved in this order. */
async function budgetWith(...grantsFen: number[]): Promise<{ budgetId: number; grants: number[] }> {
  const budgetId = await unitOfWork.run((tx) => new CreateBudget().run(tx, { name: '账本' }));
  const grants: number[] = [];
  for (const amountFen of grantsFen) {
    const request = { expenseAccount: '促销费', costCenter: '市场部', bearer: 'hq' as const, requestedBy: 11 };
    const applicationNo = `FY-${++serial}`;
    await unitOfWork.run(async (tx) => {
      const grantId = await new RequestGrant().run(tx, { budgetId, amountFen, applicationNo, ...request });
      await new ApproveGrant().run(tx, { grantId, approvedBy: 12 });
      grants.push(grantId);
    });
  }
  return { budgetId, grants };
}

/** Prizes that were won, reserved and asked for. */
async function paid(budgetId: number, ...amounts: number[]): Promise<Settled[]> {
  const payouts = amounts.map((amount): Settled => {
    const payoutKey = `${++serial}:1:1:0`;
    return { payoutKey, offerNo: 1, budgetId, amountFen: fen(amount), memberId: 77, campaignId: 5, channel, mchId };
  });
  const total = amounts.reduce((sum, amount) => sum + amount, 0);
  await unitOfWork.run(async (tx) => {
    const rows = payouts.map((one) => [one.payoutKey, one.memberId, 5, 5, budgetId, one.amountFen, channel, mchId, 1]);
    for (const row of rows) {
      await tx.execute(
        `INSERT INTO payouts (payout_key, member_id, campaign_id, version_id, budget_id, amount_fen, channel, mch_id, offer_no,
           state, offered_at, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'WAIT_USER', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
        row,
      );
    }
    await budgets.reserve(tx, [{ budgetId, fen: total, journalKey: `reserve:${payouts[0]!.payoutKey}` }]);
  });
  return payouts;
}

const state = (payouts: readonly Settled[], to: string) =>
  unitOfWork.run(async (tx) => {
    for (const { payoutKey, offerNo } of payouts)
      await tx.execute('UPDATE payouts SET state = ?, offer_no = ? WHERE payout_key = ?', [to, offerNo, payoutKey]);
  });
async function settle(payouts: readonly Settled[]): Promise<void> {
  await state(payouts, 'SETTLED');
  await unitOfWork.run((tx) => settlements.settle(tx, payouts));
}
const counters = async (budgetId: number) => {
  const [row] = await db.database.query<Record<string, string>>(
    'SELECT granted_fen, available_fen, reserved_fen, settled_fen FROM budgets WHERE id = ?',
    [budgetId],
  );
  return Object.values(row!).map(Number);
};
const used = async (grants: readonly number[]) => {
  const rows = await db.database.query<{ used_fen: string }>(
    `SELECT used_fen FROM budget_grants WHERE id IN (${grants.join()}) ORDER BY id`,
  );
  return rows.map((row) => Number(row.used_fen));
};
const balance = async (account: string) => {
  const [row] = await db.database.query<{ sum: string | null }>(
    'SELECT SUM(amount_fen) AS sum FROM ledger_legs WHERE account = ?',
    [account],
  );
  return Number(row!.sum ?? 0);
};
const faults = async () => new LedgerCheck(unitOfWork).run();

it('I2 settling moves budget, channel and member in one journal, for many payouts in seven statements', async () => {
  const { budgetId } = await budgetWith(10_000);
  const payouts = await paid(budgetId, ...Array.from({ length: 60 }, (_, index) => index + 1));
  await state(payouts, 'SETTLED');
  const before = [await balance(`channel:${mchId}:${channel}`), await balance('member:77')];
  const statements = await unitOfWork.run(async (tx) => {
    const sent = [jest.spyOn(tx, 'execute'), jest.spyOn(tx, 'insertRows'), jest.spyOn(tx, 'query')];
    await settlements.settle(tx, payouts);
    return sent.reduce((sum, spy) => sum + spy.mock.calls.length, 0);
  });
  expect(statements).toBe(7);
  expect(await counters(budgetId)).toEqual([10_000, 8170, 0, 1830]);
  expect(await balance(`channel:${mchId}:${channel}`)).toBe(before[0]! - 1830);
  expect(await balance('member:77')).toBe(before[1]! + 1830);
  expect(await faults()).toEqual([]);
});

it('charges grants first in, first out, and may split one payout over two', async () => {
  const { budgetId, grants } = await budgetWith(100, 50, 1000);
  const payouts = await paid(budgetId, 70, 60, 30);
  await settle(payouts);
  expect(await used(grants)).toEqual([100, 50, 10]);
  const rows = await db.database.query<{ grant_id: number; fen: string }>(
    'SELECT grant_id, fen FROM grant_uses WHERE payout_key = ? ORDER BY grant_id',
    [payouts[1]!.payoutKey],
  );
  expect(rows.map((row) => [row.grant_id, Number(row.fen)])).toEqual([
    [grants[0], 30],
    [grants[1], 30],
  ]);
  expect(await faults()).toEqual([]);
});

it('a refund gives everything back to where it came from, once; the next offer is charged anew', async () => {
  const { budgetId, grants } = await budgetWith(100, 100);
  const payouts = await paid(budgetId, 80, 80);
  await settle(payouts);
  await state(payouts.slice(1), 'REFUNDED');
  await unitOfWork.run((tx) => settlements.refund(tx, payouts.slice(1)));
  expect(await used(grants)).toEqual([80, 0]);
  expect(await counters(budgetId)).toEqual([200, 40, 80, 80]);
  await expect(unitOfWork.run((tx) => settlements.refund(tx, payouts.slice(1)))).rejects.toThrow(Defect);
  expect(await faults()).toEqual([]);
  const again = payouts.slice(1).map((payout) => ({ ...payout, offerNo: 2 }));
  await settle(again);
  expect(await used(grants)).toEqual([100, 60]);
  expect(await counters(budgetId)).toEqual([200, 40, 0, 160]);
  expect(await faults()).toEqual([]);
});

it('settling twice, or refunding what was never settled, is a Defect and leaves nothing', async () => {
  const { budgetId, grants } = await budgetWith(1000);
  const [one, other] = await paid(budgetId, 10, 20);
  await settle([one!]);
  await expect(settle([other!, one!])).rejects.toThrow('booked before');
  await expect(unitOfWork.run((tx) => settlements.refund(tx, [other!]))).rejects.toThrow(Defect);
  await state([other!], 'WAIT_USER');
  expect(await counters(budgetId)).toEqual([1000, 970, 20, 10]);
  expect(await used(grants)).toEqual([10]);
  expect(await faults()).toEqual([]);
});

it('I1 many workers settle one budget at once: every fen is charged to a grant once', async () => {
  const { budgetId, grants } = await budgetWith(333, 333, 333, 333);
  const payouts = await paid(budgetId, ...Array.from({ length: 60 }, () => 22));
  await state(payouts, 'SETTLED');
  const groups = Array.from({ length: 20 }, (_, at) => payouts.slice(at * 3, at * 3 + 3));
  await Promise.all(groups.map((group) => unitOfWork.run((tx) => settlements.settle(tx, group))));
  expect(await used(grants)).toEqual([333, 333, 333, 321]);
  expect(await counters(budgetId)).toEqual([1332, 12, 0, 1320]);
  expect(await faults()).toEqual([]);
});

it('the bill file brings every channel account back to 0, however often it is read', async () => {
  const own = `${Number(mchId) + 1}`;
  const { budgetId } = await budgetWith(1000);
  const payouts = (await paid(budgetId, 11, 22, 33)).map((payout) => ({ ...payout, mchId: own }));
  await settle(payouts);
  const lines = payouts.map(({ payoutKey, amountFen }) => ({
    billNo: `Y${payoutKey}`.replaceAll(':', 'X'),
    mchId: own,
    channel,
    amountFen: amountFen as number,
  }));
  const topUp = { key: `top-${serial}`, mchId: own, amountFen: 500 };
  expect(await unitOfWork.run((tx) => confirmations.confirm(tx, lines.slice(0, 1)))).toBe(1);
  expect(await unitOfWork.run((tx) => confirmations.confirm(tx, lines))).toBe(2);
  expect(await unitOfWork.run((tx) => confirmations.confirm(tx, lines))).toBe(0);
  expect(await unitOfWork.run((tx) => confirmations.moveBalances(tx, [topUp]))).toBe(1);
  expect(await unitOfWork.run((tx) => confirmations.moveBalances(tx, [topUp]))).toBe(0);
  expect(await balance(`channel:${own}:${channel}`)).toBe(0);
  expect(await balance(`merchant:${own}`)).toBe(500 - 66);
  await expect(unitOfWork.run((tx) => confirmations.confirm(tx, [{ ...lines[0]!, amountFen: 12 }]))).rejects.toThrow(
    'other legs',
  );
  await state(payouts.slice(2), 'REFUNDED');
  await unitOfWork.run((tx) => settlements.refund(tx, payouts.slice(2)));
  expect(await balance(`channel:${own}:${channel}`)).toBe(33);
  await unitOfWork.run((tx) => confirmations.confirmRefunds(tx, lines.slice(2)));
  expect(await balance(`channel:${own}:${channel}`)).toBe(0);
  expect(await faults()).toEqual([]);
});

describe('corrections', () => {
  const merchant = `merchant:${mchId}`;
  const request = (legs: { account: string; amountFen: number }[], reason = '微信少记一笔') =>
    unitOfWork.run((tx) => corrections.request(tx, { legs, reason, requestedBy: 11 }));
  const approve = (id: number, by = 12) => unitOfWork.run((tx) => corrections.approve(tx, { id, by }));

  it('I27 move nothing until a second person says yes, and then once', async () => {
    const before = await balance(merchant);
    const id = await request([
      { account: merchant, amountFen: 7 },
      { account: 'outside', amountFen: -7 },
    ]);
    await expect(approve(id, 11)).rejects.toMatchObject({ code: 'same_person', status: 403 });
    expect(await balance(merchant)).toBe(before);
    const answers = await Promise.all([21, 22, 23, 24].map((by) => approve(id, by)));
    expect(answers.filter((answer) => answer === 'approved')).toHaveLength(1);
    expect(await balance(merchant)).toBe(before + 7);
    expect(await faults()).toEqual([]);
  });

  it('keep the counters of budgets with the books, and never below zero', async () => {
    const { budgetId } = await budgetWith(100);
    const legs = (amountFen: number) => [
      { account: `budget:${budgetId}:available`, amountFen: -amountFen },
      { account: `budget:${budgetId}:granted`, amountFen },
    ];
    await approve(await request(legs(40)));
    expect(await counters(budgetId)).toEqual([60, 60, 0, 0]);
    const tooMuch = await request(legs(61));
    await expect(approve(tooMuch)).rejects.toMatchObject({ code: 'budget_short' });
    expect(await counters(budgetId)).toEqual([60, 60, 0, 0]);
    await unitOfWork.run((tx) => corrections.reject(tx, { id: tooMuch, by: 13, note: '余额不足' }));
    await expect(approve(tooMuch)).rejects.toMatchObject({ code: 'closed' });
    expect(await faults()).toEqual([]);
  });

  it('take a budget’s money out of the grants approved last, so that no grant promises what is not there', async () => {
    const { budgetId, grants } = await budgetWith(100, 50, 30);
    const legs = (amountFen: number) => [
      { account: `budget:${budgetId}:available`, amountFen: -amountFen },
      { account: `budget:${budgetId}:granted`, amountFen },
    ];
    const left = async () => {
      const rows = await db.database.query<{ id: number; fen: string }>(
        'SELECT id, amount_fen - used_fen - returned_fen AS fen FROM budget_grants WHERE budget_id = ? ORDER BY id',
        [budgetId],
      );
      return grants.map((id) => Number(rows.find((row) => row.id === id)!.fen));
    };
    await approve(await request(legs(70)));
    expect([await left(), await counters(budgetId)]).toEqual([
      [100, 10, 0],
      [110, 110, 0, 0],
    ]);
    // All that is left can be paid, from the grants that have it, and nothing more can be taken away.
    const [first, second] = await paid(budgetId, 105, 5);
    await settle([first!, second!]);
    expect([await left(), await counters(budgetId)]).toEqual([
      [0, 0, 0],
      [110, 0, 0, 110],
    ]);
    await expect(approve(await request(legs(1)))).rejects.toMatchObject({ code: 'budget_short' });
    expect(await faults()).toEqual([]);
  });

  it('cannot make what only payouts and grants make, nor be lopsided', async () => {
    const { budgetId } = await budgetWith(100);
    const part = (name: string, amountFen: number) => ({ account: `budget:${budgetId}:${name}`, amountFen });
    const refused: { account: string; amountFen: number }[][] = [
      [part('settled', 1), part('reserved', -1)],
      [part('granted', -1), part('available', 1)],
      [part('available', -1), { account: merchant, amountFen: 1 }],
      [part('available', -1), part('reserved', 2)],
      [
        { account: 'nobody', amountFen: 1 },
        { account: 'outside', amountFen: -1 },
      ],
      [{ account: 'outside', amountFen: 1 }],
      [
        { account: 'outside', amountFen: 1 },
        { account: 'outside', amountFen: -1 },
      ],
      [
        { account: 'outside', amountFen: 0.5 },
        { account: merchant, amountFen: -0.5 },
      ],
    ];
    for (const legs of refused) await expect(request(legs)).rejects.toMatchObject({ code: 'bad_legs' });
    const nowhere = [
      { account: 'budget:4000000000:available', amountFen: -1 },
      { account: 'budget:4000000000:reserved', amountFen: 1 },
    ];
    await expect(request(nowhere)).rejects.toThrow(Rejected);
    await expect(request(refused[0]!.slice(0, 0))).rejects.toThrow(Rejected);
  });
});

it('I2 the app can neither change nor remove a row of any append-only table', async () => {
  const denied = async (sql: string) => errorNumber(await db.database.query(sql).catch((error: unknown) => error));
  const [{ name } = { name: '' }] = await db.database.query<{ name: string }>('SELECT DATABASE() AS name');
  const rights = await db.asOwner.query<{ tab: string; rights: string }[]>(
    `SELECT TABLE_NAME AS tab, GROUP_CONCAT(PRIVILEGE_TYPE ORDER BY PRIVILEGE_TYPE) AS rights
       FROM information_schema.TABLE_PRIVILEGES WHERE TABLE_SCHEMA = ? AND GRANTEE LIKE '%yima_app%' GROUP BY TABLE_NAME`,
    [name],
  );
  const appendOnly = rights.filter((row) => row.rights === 'INSERT,SELECT').map(({ tab }) => tab);
  const money = ['ledger_journals', 'ledger_legs', 'grant_uses', 'award_releases', 'payout_bills', 'payout_moves'];
  const signed = ['write_off_revisions', 'write_off_signatures', 'write_off_closures', 'awards', 'scans', 'audit_log'];
  expect(appendOnly).toEqual(expect.arrayContaining([...money, ...signed]));
  for (const table of appendOnly) {
    const [column] = await db.asOwner.query<{ name: string }[]>(
      'SELECT COLUMN_NAME AS name FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? LIMIT 1',
      [name, table],
    );
    expect([table, await denied(`DELETE FROM ${table}`)]).toEqual([table, 1142]);
    expect([table, await denied(`UPDATE ${table} SET ${column!.name} = ${column!.name}`)]).toEqual([table, 1142]);
    expect([table, await denied(`TRUNCATE ${table}`)]).toEqual([table, 1142]);
  }
  for (const table of [
    'payouts',
    'payout_attempts',
    'payout_incidents',
    'budgets',
    'budget_grants',
    'write_off_sheets',
  ]) {
    expect([table, await denied(`DELETE FROM ${table}`)]).toEqual([table, 1142]);
  }
});
