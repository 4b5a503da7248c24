import { randomUUID } from 'node:crypto';
import { WriteOffLines, type WriteOffLine } from '@app/analytics';
import { bulkInsert, UnitOfWork } from '@app/database';
import { addDays, Defect, fen, shanghaiDay } from '@app/kernel';
import { openTestDatabase, plantScans, type TestDatabase } from '@app/testing';
import { Budgets } from '../budgets';
import { GrantUses } from '../grant-uses';
import { ApproveGrant, CreateBudget, RequestGrant } from '../grants';
import { LedgerCheck } from '../ledger-check';
import { Settlements, type Settled } from '../settlements';
import { ReturnUnspent } from './return-unspent';
import { WriteOffEvidence, type WriteOffWish } from './write-off-evidence';
import { WriteOffList } from './write-off-list';
import { WriteOffSheets } from './write-off-sheets';

let db: TestDatabase;
let unitOfWork: UnitOfWork;
let evidence: WriteOffEvidence;
let lines: WriteOffLines;
let list: WriteOffList;
const budgets = new Budgets();
const settlements = new Settlements(budgets, new GrantUses());
const sheets = new WriteOffSheets(new ReturnUnspent());
jest.setTimeout(30_000);
beforeAll(async () => {
  db = await openTestDatabase();
  unitOfWork = db.unitOfWork;
  lines = new WriteOffLines(db.database);
  evidence = new WriteOffEvidence(db.database, lines);
  list = new WriteOffList(db.database);
}, 60_000);
afterAll(() => db.close());

const [AUTHOR, APPROVER] = [11, 12];
const today = shanghaiDay(new Date());
const batch = 3_000_000 + Number(process.hrtime.bigint() % 1_000_000n);
let serial = 0;

async function budgetWith(...grantsFen: number[]): Promise<{ budgetId: number; grants: number[] }> {
  const budgetId = await unitOfWork.run((tx) => new CreateBudget().run(tx, { name: '核销' }));
  const grants: number[] = [];
  for (const amountFen of grantsFen) {
    const words = { expenseAccount: '促销费', costCenter: '市场部', bearer: 'hq' as const, requestedBy: 1 };
    const applicationNo = randomUUID();
    await unitOfWork.run(async (tx) => {
      const grantId = await new RequestGrant().run(tx, { budgetId, amountFen, applicationNo, ...words });
      await new ApproveGrant().run(tx, { grantId, approvedBy: 2 });
      grants.push(grantId);
    });
  }
  return { budgetId, grants };
}

/** A bottle that was scanned, won and paid, `daysAgo` days ago; the bill is written as driving does. */
async function paid(budgetId: number, amount: number, daysAgo: number, asPool: Settled[] = []): Promise<Settled> {
  const won = ++serial;
  const memberId = 500 + won;
  const scanId = randomUUID();
  await plantScans(unitOfWork, [{ memberId, scanId, batchId: batch, layer: 1, serial: won, adcode: 340104 }]);
  const payoutKey = asPool.length > 0 ? `p${memberId}:5:${budgetId}:1` : `${batch}:1:${won}:0`;
  const mchId = '1900000011';
  const payout: Settled = {
    ...{ payoutKey, offerNo: 1, budgetId, amountFen: fen(amount), memberId, campaignId: 5 },
    ...{ channel: 'transfer_confirm_v3' as const, mchId },
  };
  await unitOfWork.run(async (tx) => {
    const award = [batch, 1, won, 0, memberId, scanId, 5, 5, 'r', 'p', 'cash', '红包', amount, budgetId, new Date()];
    const columns = [
      'batch_id',
      'layer',
      'serial',
      'slot',
      'member_id',
      'scan_id',
      'campaign_id',
      'version_id',
      'rule_key',
    ];
    const rest = ['prize_key', 'prize_kind', 'prize_name', 'amount_fen', 'budget_id', 'won_at'];
    await bulkInsert(tx, 'awards', [...columns, ...rest], [award]);
    await budgets.reserve(tx, [{ budgetId, fen: amount, journalKey: `reserve:${payoutKey}` }]);
    await tx.execute(
      `INSERT INTO payouts (payout_key, member_id, campaign_id, version_id, budget_id, amount_fen, channel, mch_id, state,
         offered_at, created_at, updated_at)
       VALUES (?, ?, 5, 5, ?, ?, 'transfer_confirm_v3', ?, 'SETTLED', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
      [payoutKey, memberId, budgetId, amount, mchId],
    );
    await tx.execute(
      `INSERT INTO payout_bills (bill_no, payout_key, offer_no, channel, mch_id, amount_fen, payee_blind, request_sealed, request_hash,
         created_at) VALUES (?, ?, 1, 'transfer_confirm_v3', ?, ?, ?, '', ?, UTC_TIMESTAMP(6))`,
      [`Y${batch}X${won}`, payoutKey, mchId, amount, Buffer.alloc(32), Buffer.alloc(32)],
    );
    await settlements.settle(tx, [payout]);
  });
  await backDate(payoutKey, daysAgo);
  return payout;
}

const backDate = (payoutKey: string, days: number) =>
  db.asOwner.query('UPDATE grant_uses SET at = UTC_TIMESTAMP(6) - INTERVAL ? DAY WHERE payout_key = ?', [
    days,
    payoutKey,
  ]);
async function refunded(payout: Settled, daysAgo: number): Promise<void> {
  await unitOfWork.run(async (tx) => {
    await tx.execute("UPDATE payouts SET state = 'REFUNDED' WHERE payout_key = ?", [payout.payoutKey]);
    await settlements.refund(tx, [payout]);
  });
  await db.asOwner.query(
    "UPDATE grant_uses SET at = UTC_TIMESTAMP(6) - INTERVAL ? DAY WHERE payout_key = ? AND act = 'refund'",
    [daysAgo, payout.payoutKey],
  );
}

const wish = (grantId: number, change: Partial<WriteOffWish> = {}): WriteOffWish => ({
  ...{ grantId, from: addDays(today, -10), to: today, final: false, memo: '' },
  ...change,
});
async function draft(asked: WriteOffWish, by = AUTHOR): Promise<number> {
  const content = await evidence.read(asked);
  return unitOfWork.run((tx) => sheets.draft(tx, content, by));
}
const sign = async (sheetId: number, by = AUTHOR, contentHash?: string) => {
  const read = contentHash ?? (await list.one(sheetId)).contentHash;
  return unitOfWork.run((tx) => sheets.sign(tx, { sheetId, contentHash: read, by }));
};
const approve = async (sheetId: number, by = APPROVER, contentHash?: string) => {
  const { content, contentHash: present } = await list.one(sheetId);
  const fresh = await evidence.read({ ...content, grantId: content.grant.id });
  return unitOfWork.run((tx) => sheets.approve(tx, { sheetId, contentHash: contentHash ?? present, by }, fresh));
};
const edit = async (sheetId: number, asked: WriteOffWish, by = AUTHOR) => {
  const content = await evidence.read(asked);
  return unitOfWork.run((tx) => sheets.edit(tx, sheetId, content, by));
};
const faults = async (budgetId: number) =>
  (await new LedgerCheck(unitOfWork).run()).filter(({ detail }) => detail.includes(`budget ${budgetId}`));

/** All lines of a grant, page by page, one a page. */
async function oneByOne(grantId: number): Promise<WriteOffLine[]> {
  const paged: WriteOffLine[] = [];
  for (let cursor: string | null = null; ;) {
    const page = await lines.page(wish(grantId), { limit: 1, cursor });
    paged.push(...page.items);
    if ((cursor = page.nextCursor) === null) return paged;
  }
}

it('says what a grant paid for, line by line, from the scan to the bill', async () => {
  const { budgetId, grants } = await budgetWith(100, 1000);
  const [grant, next] = grants as [number, number];
  await paid(budgetId, 60, 5);
  const split = await paid(budgetId, 60, 4);
  const back = await paid(budgetId, 30, 3);
  await refunded(back, 2);
  await paid(budgetId, 10, 20);
  const first = await evidence.read(wish(grant));
  expect(first).toMatchObject({ settledFen: 100, refundedFen: 0, netFen: 100, unspentFen: 0, lines: 2, beforeFen: 0 });
  const second = await evidence.read(wish(next));
  expect(second).toMatchObject({
    settledFen: 50,
    refundedFen: 30,
    netFen: 20,
    lines: 3,
    beforeFen: 10,
    unspentFen: 970,
  });
  const { items } = await lines.page(wish(next), { limit: 10 });
  expect(items[0]).toMatchObject({ payoutKey: split.payoutKey, fen: 20, payoutFen: 60, act: 'settle' });
  expect(items[0]!.billNo).toMatch(/^Y/);
  expect(items[0]!.awards).toEqual([
    expect.objectContaining({ awardKey: split.payoutKey, memberId: split.memberId, adcode: 340104, fen: 60 }),
  ]);
  expect(items.at(-1)).toMatchObject({ act: 'refund', fen: -30 });
  expect(await oneByOne(next)).toEqual(items);
  expect((await evidence.read(wish(next))).linesHash).toBe(second.linesHash);
  // As settled in one group: many lines of one instant.
  await db.asOwner.query('UPDATE grant_uses SET at = UTC_TIMESTAMP(6) - INTERVAL 3 DAY WHERE grant_id = ?', [next]);
  expect(await oneByOne(next)).toHaveLength(4);
  expect(new Set((await oneByOne(next)).map((line) => JSON.stringify(line))).size).toBe(4);
});

it('names every small amount that was paid together', async () => {
  const { budgetId, grants } = await budgetWith(1000);
  const parts = [await paid(budgetId, 8, 3), await paid(budgetId, 9, 3)];
  const pool = await paid(budgetId, 17, 2, parts);
  await unitOfWork.run((tx) =>
    bulkInsert(
      tx,
      'pooled_awards',
      ['batch_id', 'layer', 'serial', 'slot', 'payout_key', 'amount_fen'],
      parts.map(({ payoutKey, amountFen }) => [...payoutKey.split(':').map(Number), pool.payoutKey, amountFen]),
    ),
  );
  const { items } = await lines.page(wish(grants[0]!), { limit: 10 });
  const pooled = items.find(({ payoutKey }) => payoutKey === pool.payoutKey);
  expect(pooled!.awards.map(({ awardKey }) => awardKey)).toEqual(parts.map(({ payoutKey }) => payoutKey));
});

it('I27 two people sign the same content, and then it stands for ever', async () => {
  const { budgetId, grants } = await budgetWith(1000);
  await paid(budgetId, 60, 5);
  const id = await draft(wish(grants[0]!));
  await expect(approve(id)).rejects.toMatchObject({ code: 'not_signed' });
  await expect(sign(id, APPROVER)).rejects.toMatchObject({ code: 'not_yours' });
  await expect(sign(id, AUTHOR, '0'.repeat(64))).rejects.toMatchObject({ code: 'changed' });
  expect(await sign(id)).toBe('signed');
  expect(await sign(id)).toBe('already');
  await expect(approve(id, AUTHOR)).rejects.toMatchObject({ code: 'same_person', status: 403 });
  await expect(approve(id, APPROVER, '0'.repeat(64))).rejects.toMatchObject({ code: 'changed' });
  await approve(id);
  const { status, signatures, closedAt } = await list.one(id);
  expect({ status, roles: signatures.map(({ role, operatorId }) => [role, operatorId]) }).toEqual({
    status: 'closed',
    roles: [
      ['author', AUTHOR],
      ['approver', APPROVER],
    ],
  });
  expect(closedAt).not.toBeNull();
  await expect(edit(id, wish(grants[0]!, { memo: '改一下' }))).rejects.toMatchObject({ code: 'closed' });
  await expect(sign(id)).rejects.toMatchObject({ code: 'closed' });
  await expect(approve(id, 13)).rejects.toMatchObject({ code: 'closed' });
  await expect(unitOfWork.run((tx) => sheets.void(tx, id))).rejects.toMatchObject({ code: 'closed' });
});

it('an edit voids the signature, whoever made it', async () => {
  const { budgetId, grants } = await budgetWith(1000);
  await paid(budgetId, 60, 5);
  const id = await draft(wish(grants[0]!));
  await sign(id);
  const signed = (await list.one(id)).contentHash;
  await edit(id, wish(grants[0]!, { memo: '补充说明' }), APPROVER);
  expect(await list.one(id)).toMatchObject({ status: 'draft', revision: 2, signatures: [], authorId: APPROVER });
  await expect(approve(id, 13, signed)).rejects.toMatchObject({ code: 'not_signed' });
  await expect(sign(id, APPROVER, signed)).rejects.toMatchObject({ code: 'changed' });
  await sign(id, APPROVER);
  await expect(approve(id, APPROVER)).rejects.toMatchObject({ code: 'same_person' });
  await approve(id, AUTHOR);
  expect((await list.one(id)).status).toBe('closed');
});

it('evidence that was tampered with between the signatures is a Defect', async () => {
  const { budgetId, grants } = await budgetWith(1000);
  const { payoutKey } = await paid(budgetId, 60, 5);
  const id = await draft(wish(grants[0]!));
  await sign(id);
  await db.asOwner.query('UPDATE grant_uses SET fen = fen - 1 WHERE payout_key = ?', [payoutKey]);
  await expect(approve(id)).rejects.toThrow(Defect);
  await db.asOwner.query('UPDATE grant_uses SET fen = fen + 1 WHERE payout_key = ?', [payoutKey]);
  await approve(id);
});

it('each day of a grant is on one sheet, and only days that are over', async () => {
  const { budgetId, grants } = await budgetWith(1000);
  await paid(budgetId, 60, 5);
  const [grantId] = grants as [number];
  const both = { from: addDays(today, -6), to: addDays(today, -4) };
  const tried = await Promise.allSettled([
    draft(wish(grantId, both)),
    draft(wish(grantId, both)),
    draft(wish(grantId)),
  ]);
  expect(tried.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const [id] = tried.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  await unitOfWork.run((tx) => sheets.void(tx, id!));
  await draft(wish(grantId, both));
  await draft(wish(grantId, { from: both.to, to: today }));
  await expect(draft(wish(grantId, { from: today, to: addDays(today, 1) }))).rejects.toMatchObject({
    code: 'not_over',
  });
  for (const range of [
    { from: today, to: today },
    { from: '2026-02-30', to: today },
    { from: '2020-01-01', to: today },
  ]) {
    await expect(draft(wish(grantId, range))).rejects.toMatchObject({ code: 'bad_range' });
  }
  await expect(draft(wish(4_000_000_000))).rejects.toMatchObject({ code: 'no_such_grant' });
});

describe('the last sheet of a grant', () => {
  const closed = async (asked: WriteOffWish) => {
    const id = await draft(asked);
    await sign(id);
    await approve(id);
    return list.one(id);
  };

  it('takes what is unspent out of the budget', async () => {
    const { budgetId, grants } = await budgetWith(1000);
    await paid(budgetId, 60, 5);
    const sheet = await closed(wish(grants[0]!, { final: true }));
    expect(sheet).toMatchObject({ status: 'closed', returnedFen: 940 });
    const [row] = await db.database.query('SELECT granted_fen, available_fen, settled_fen FROM budgets WHERE id = ?', [
      budgetId,
    ]);
    expect(row).toMatchObject({ granted_fen: '60', available_fen: '0', settled_fen: '60' });
    expect(await faults(budgetId)).toEqual([]);
  });

  it('waits for what prizes hold, and for days that are on no sheet', async () => {
    const { budgetId, grants } = await budgetWith(1000);
    await paid(budgetId, 60, 5);
    await paid(budgetId, 40, 20);
    const last = await draft(wish(grants[0]!, { final: true }));
    await sign(last);
    await expect(approve(last)).rejects.toMatchObject({ code: 'not_last' });
    await closed(wish(grants[0]!, { from: addDays(today, -30), to: addDays(today, -10) }));
    await unitOfWork.run((tx) => budgets.reserve(tx, [{ budgetId, fen: 1, journalKey: `reserve:${randomUUID()}` }]));
    await expect(approve(last)).rejects.toMatchObject({ code: 'still_reserved' });
    expect((await list.one(last)).status).toBe('signed');
    expect(await faults(budgetId)).toEqual([]);
  });
});
