import { randomUUID } from 'node:crypto';
import { PrizeOriginModel } from '@app/analytics';
import { AuditLog } from '@app/staff';
import { openTestDatabase, until, type TestDatabase } from '@app/testing';
import { FakeWechat } from '../channels/fake-wechat.contract';
import { AskDecision } from '../cases/ask-decision';
import { DecideMoney } from '../cases/decide-money';
import { Incidents } from '../cases/incidents';
import { CloseCase, WorkOnCase } from '../cases/work-on-case';
import { openPayouts, type PayoutsRig, type Prize } from '../driving/payouts-rig.contract';
import { PayoutsRepository } from '../driving/payouts.repository';
import { Confirmations } from '../ledger/confirmations';
import { AccountBalancesModel } from './finance/account-balances';
import { FinanceOverviewModel } from './finance/finance-overview';
import { StuckPayouts } from './finance/stuck-payouts';
import { PayoutEvidence } from './payout-evidence';

const SETUP_MS = 60_000;
const VIEWER = 4_000_000;

let db: TestDatabase;
let rig: PayoutsRig;
let wechat: FakeWechat;
beforeAll(async () => {
  db = await openTestDatabase();
  wechat = new FakeWechat();
  rig = await openPayouts(db, { wechat });
}, SETUP_MS);
afterAll(async () => {
  await rig.close();
  await db.close();
});

const query = <T>(sql: string, params: (string | number)[] = []) => db.database.query<T>(sql, params);

/** The award and the scan that a payout of the rig would have come from. */
async function plantAward({ payoutKey, memberId, budgetId, amountFen }: Prize): Promise<void> {
  const [batch, layer, serial, slot] = payoutKey.split(':').map(Number);
  const scanId = randomUUID();
  await rig.unitOfWork.run(async (tx) => {
    await tx.execute(
      `INSERT INTO scans (member_id, scan_id, at, batch_id, layer, serial, verdict, counted, first_of_code, new_member, adcode, trust,
         product_id, facts, answer) VALUES (?, ?, UTC_TIMESTAMP(6), ?, ?, ?, 2, 1, 1, 0, 340100, 4, 1, '{}', '{}')`,
      [memberId, scanId, batch!, layer!, serial!],
    );
    await tx.execute(
      `INSERT INTO awards (batch_id, layer, serial, slot, member_id, scan_id, campaign_id, version_id, rule_key, prize_key, prize_kind,
         prize_name, amount_fen, budget_id, won_at) VALUES (?, ?, ?, ?, ?, ?, 1, 1, 'all', 'small', 'cash', '现金红包', ?, ?, UTC_TIMESTAMP(6))`,
      [batch!, layer!, serial!, slot!, memberId, scanId, amountFen, budgetId],
    );
  });
}

async function settled(): Promise<Prize> {
  const prize = await rig.prize();
  await rig.request(prize);
  await rig.drive(prize);
  const { billNo } = await rig.payout(prize);
  await wechat.take(billNo!);
  await query('UPDATE payouts SET next_at = UTC_TIMESTAMP(6) WHERE payout_key = ?', [prize.payoutKey]);
  await until('settled', async () => {
    await rig.drive(prize);
    return (await rig.payout(prize)).state === 'SETTLED';
  });
  return prize;
}

/** Asked for, and WeChat gave no answer. */
async function unknown(): Promise<Prize> {
  const prize = await rig.prize();
  await rig.request(prize);
  await wechat.disturb('silence_before_commit');
  await rig.drive(prize);
  return prize;
}

async function toPeople(prize: Prize): Promise<void> {
  await rig.unitOfWork.run(async (tx) => {
    const payouts = rig.get(PayoutsRepository);
    const payout = (await payouts.lock(tx, prize.payoutKey))!;
    const { billNo } = await payouts.move(tx, payout, 'MANUAL', 'unknown_too_long', { nextInMs: null, leaseMs: null });
    await rig
      .get(Incidents)
      .raise(tx, { kind: 'mismatch', payoutKey: prize.payoutKey, billNo, detail: 'another_amount' });
  });
}

describe('the evidence of a payout', () => {
  it('tells all of it in the order of time: scan, award, asking, bill, exchanges, moves, books', async () => {
    const prize = await rig.prize();
    await plantAward(prize);
    await rig.request(prize);
    await rig.drive(prize);
    const { billNo } = await rig.payout(prize);
    await wechat.take(billNo!);
    await query('UPDATE payouts SET next_at = UTC_TIMESTAMP(6) WHERE payout_key = ?', [prize.payoutKey]);
    await rig.drive(prize);
    await rig.unitOfWork.run((tx) =>
      rig
        .get(Confirmations)
        .confirm(tx, [
          { billNo: billNo!, mchId: wechat.mchId, channel: 'transfer_confirm_v3', amountFen: prize.amountFen },
        ]),
    );
    const told = await rig.get(PayoutEvidence).run(prize.payoutKey);
    expect(told).toMatchObject({
      ...{ payoutKey: prize.payoutKey, complete: true },
      payout: { state: 'SETTLED', reason: '已到账', amountFen: prize.amountFen, billNo },
      awards: [{ awardKey: prize.payoutKey, prizeName: '现金红包', adcode: 340100 }],
      grants: [{ act: 'settle', fen: prize.amountFen, applicationNo: expect.stringContaining('FY-') }],
    });
    const times = told.events.map(({ at }) => at.getTime());
    expect(times).toEqual([...times].sort((one, other) => one - other));
    const kinds = told.events.map(({ kind }) => kind);
    expect([...new Set(kinds)]).toEqual(
      expect.arrayContaining(['scanned', 'won', 'asked_for', 'bill', 'attempt', 'move', 'journal']),
    );
    const first = (kind: string): number => kinds.indexOf(kind as (typeof kinds)[number]);
    expect(first('scanned')).toBeLessThan(first('asked_for'));
    expect(first('asked_for')).toBeLessThan(first('bill'));
    expect(first('bill')).toBeLessThan(first('attempt') + 1);
    const details = (kind: string) => told.events.filter((event) => event.kind === kind).map((event) => event.details);
    expect(details('attempt')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ act: 'send', sameRequest: true, finishedAt: expect.any(Date) }),
      ]),
    );
    expect(details('journal').map(({ journalKey }) => journalKey)).toEqual(
      expect.arrayContaining([`settle:${prize.payoutKey}:1`, `confirm:${billNo}`]),
    );
    for (const { legs } of details('journal') as { legs: { amountFen: number }[] }[]) {
      expect(legs.reduce((sum, { amountFen }) => sum + amountFen, 0)).toBe(0);
    }
  });

  it('holds what people did, too: case, notes, decision of two, audit; and nothing that names the person', async () => {
    const prize = await unknown();
    await toPeople(prize);
    const [row] = await query<{ id: string }>('SELECT id FROM payout_incidents WHERE payout_key = ?', [
      prize.payoutKey,
    ]);
    const caseId = Number(row!.id);
    await rig.get(WorkOnCase).note({ caseId, by: VIEWER, text: '已联系微信支付' });
    const ask = { payoutKey: prize.payoutKey, kind: 'fail', reason: '核对完毕', by: VIEWER } as const;
    const decision = await rig.get(AskDecision).run({ ...ask, evidence: '商户平台查无此单，已截图' });
    await rig.get(DecideMoney).approve({ ...decision, by: VIEWER + 1, note: '同意' });
    await rig.get(CloseCase).run({ caseId, by: VIEWER, reason: '金额差异来自测试' });
    const told = await rig.get(PayoutEvidence).run(prize.payoutKey);
    expect(told.payout).toMatchObject({ state: 'FAILED', failReason: 'MANUAL', next: expect.stringContaining('冻结') });
    const words = told.events.map((event) => event.words).join('\n');
    for (const part of ['已联系微信支付', '人工失败申请', '同意', '申请关闭', 'payouts.approve-fail'])
      expect(words).toContain(part);
    expect(JSON.stringify(told)).not.toContain(prize.openid);
    expect((await rig.get(AuditLog).verify()).intact).toBe(true);
  });

  it('is there for a prize nobody asked money for, and not for a key that names nothing', async () => {
    const prize = await rig.prize();
    await plantAward(prize);
    const told = await rig.get(PayoutEvidence).run(prize.payoutKey);
    expect([told.payout, told.events.map(({ kind }) => kind)]).toEqual([null, ['scanned', 'won']]);
    for (const key of ['9:9:9:9', 'p1:2:3:4', ':payoutKey', "' OR 1=1"]) {
      await expect(rig.get(PayoutEvidence).run(key)).rejects.toMatchObject({ code: 'no_payout', status: 404 });
    }
    expect((await rig.get(PrizeOriginModel).read('x')).awards).toEqual([]);
  });
});

describe('the finance screen', () => {
  it('adds up: budgets, clearing, merchants and members sum to zero, today and in flight', async () => {
    const before = await rig.get(FinanceOverviewModel).read(VIEWER);
    const paid = await settled();
    const open = await unknown();
    await rig.unitOfWork.run((tx) =>
      rig.get(Confirmations).moveBalances(tx, [{ key: randomUUID(), mchId: wechat.mchId, amountFen: 5_000 }]),
    );
    const after = await rig.get(FinanceOverviewModel).read(VIEWER);
    expect(after.day).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    const { grantedFen, availableFen, reservedFen, settledFen } = after.totals;
    expect(grantedFen).toBe(availableFen + reservedFen + settledFen);
    expect(after.membersFen - before.membersFen).toBe(paid.amountFen);
    const merchant = (overview: typeof after) => overview.merchants.find(({ mchId }) => mchId === wechat.mchId)!;
    expect(merchant(after).balanceFen - merchant(before).balanceFen).toBe(5_000);
    const clearing = (overview: typeof after) =>
      merchant(overview).clearing.find(({ channel }) => channel === 'transfer_confirm_v3')!.unconfirmedFen;
    expect(clearing(after) - clearing(before)).toBe(paid.amountFen);
    expect(after.today.settled.count - before.today.settled.count).toBe(1);
    expect(after.today.claimed.fen - before.today.claimed.fen).toBe(paid.amountFen + open.amountFen);
    expect(after.inFlight.fen - before.inFlight.fen).toBe(open.amountFen);
    expect(after.inFlight.byState.find(({ state }) => state === 'UNKNOWN')!.count).toBeGreaterThan(0);
    const [legs] = await query<{ fen: string }>(
      "SELECT SUM(amount_fen) AS fen FROM ledger_legs WHERE account LIKE 'member:%'",
    );
    expect(after.membersFen).toBe(Number(legs!.fen));
  });

  it('shows the breaker of a channel: since when, why, when the next try is; and that it is open again', async () => {
    await wechat.emptyBalance();
    const prize = await rig.prize();
    await rig.request(prize);
    await rig.drive(prize);
    const breaker = async () =>
      (await rig.get(FinanceOverviewModel).read(VIEWER)).channels.find(
        ({ channel }) => channel === 'transfer_confirm_v3',
      )!;
    expect(await breaker()).toMatchObject({
      reason: 'NOT_ENOUGH',
      since: expect.any(Date),
      nextTryAt: expect.any(Date),
    });
    const [stuck] = (await rig.get(StuckPayouts).page({ limit: 100, olderThanMinutes: 0 })).items.filter(
      ({ payoutKey }) => payoutKey === prize.payoutKey,
    );
    expect(stuck).toMatchObject({
      state: 'PENDING',
      reason: '付款通道暂停（NOT_ENOUGH）',
      next: expect.stringContaining('试探'),
    });
    expect(stuck!.at).toBeInstanceOf(Date);
    await wechat.fillBalance();
    await until('it flows again', async () => {
      await query("UPDATE payouts SET next_at = UTC_TIMESTAMP(6) WHERE payout_key = ? AND state = 'PENDING'", [
        prize.payoutKey,
      ]);
      await rig.drive(prize);
      return (await rig.payout(prize)).state === 'WAIT_USER';
    });
    expect(await breaker()).toMatchObject({ state: 'open', reason: null, since: null });
  });

  it('pages through what is stuck, oldest first, each with its reason and its next step', async () => {
    const prizes = [await unknown(), await unknown(), await unknown()];
    await toPeople(prizes[2]!);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<StuckPayouts['page']>> = await rig
        .get(StuckPayouts)
        .page({ limit: 2, cursor, olderThanMinutes: 0 });
      seen.push(...page.items.map(({ payoutKey }) => payoutKey));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(prizes.map(({ payoutKey }) => payoutKey)));
    const { items } = await rig.get(StuckPayouts).page({ limit: 100, state: 'MANUAL', olderThanMinutes: 0 });
    expect(items.find(({ payoutKey }) => payoutKey === prizes[2]!.payoutKey)).toMatchObject({
      ...{ at: null, frozen: true, next: '等两个人定论：人工到账或人工失败' },
    });
    expect((await rig.get(StuckPayouts).page({ limit: 5, olderThanMinutes: 1000 })).items).toEqual([]);
    await expect(rig.get(StuckPayouts).page({ limit: 5, cursor: 'WzEsMl0' })).rejects.toMatchObject({
      code: 'bad_cursor',
    });
  });
});

it('marks of accounts plus the journals since are the whole sum, before and after the marks move', async () => {
  const balances = rig.get(AccountBalancesModel);
  const whole = async () => {
    const rows = await query<{ account: Buffer; fen: string }>(
      `SELECT account, SUM(amount_fen) AS fen FROM ledger_legs
        WHERE account LIKE 'channel:%' OR account LIKE 'merchant:%' OR account = 'outside' GROUP BY account`,
    );
    return rows.reduce((sum, { fen }) => sum + Number(fen), 0);
  };
  const told = async () => {
    const { clearing, merchants, outsideFen } = await balances.read();
    return [...clearing.values(), ...merchants.values(), outsideFen].reduce((sum, fen) => sum + fen, 0);
  };
  await settled();
  expect(await told()).toBe(await whole());
  await db.asOwner.query("UPDATE ledger_journals SET at = at - INTERVAL 1 HOUR WHERE kind = 'settle'");
  await balances.keepUp();
  const marks = await query<{ account: Buffer }>('SELECT account FROM account_marks');
  expect(marks.length).toBeGreaterThan(0);
  await settled();
  expect(await told()).toBe(await whole());
  await balances.keepUp();
  expect(await told()).toBe(await whole());
});
