import { randomUUID } from 'node:crypto';
import { textOf } from '@app/database';
import { fen } from '@app/kernel';
import { openTestDatabase, type TestDatabase } from '@app/testing';
import { ApplyTransferNews } from '../callbacks/apply-transfer-news';
import { FakeWechat } from '../channels/fake-wechat.contract';
import { openPayouts, PLANTED_CAMPAIGN, type PayoutsRig, type Prize } from '../driving/payouts-rig.contract';
import { PayoutsRepository } from '../driving/payouts.repository';
import { LedgerCheck } from '../ledger/ledger-check';
import { Releases } from '../ledger/releases';
import { PayoutEvidence } from '../views/payout-evidence';
import { AskDecision } from './ask-decision';
import { DecideMoney } from './decide-money';
import { Incidents } from './incidents';
import { DISPUTING_KINDS, type IncidentKind } from './incident-kinds';
import { MoneyCases } from './money-cases';
import { CloseCase } from './work-on-case';

jest.setTimeout(60_000);

let db: TestDatabase;
let rig: PayoutsRig;
let wechat: FakeWechat;
const [ann, bob] = [1, 2];
beforeAll(async () => {
  db = await openTestDatabase({ own: 'ledger' });
  wechat = new FakeWechat();
  rig = await openPayouts(db, { wechat });
}, 60_000);
afterAll(async () => {
  await rig.close();
  await db.close();
});

const SEEN = '商户平台转账记录显示该单已到账，流水号已核对';
const query = <T>(sql: string, params: (string | number)[] = []) => db.database.query<T>(sql, params);
const faults = () => rig.get(LedgerCheck).run();
const stateOf = async (prize: Prize) => (await rig.payout(prize)).state;
const ask = (prize: Prize, kind: 'settle' | 'fail', evidence = SEEN) =>
  rig.get(AskDecision).run({ payoutKey: prize.payoutKey, kind, reason: '按商户平台的记录', evidence, by: ann });
const decide = async (prize: Prize, kind: 'settle' | 'fail') =>
  rig.get(DecideMoney).approve({ ...(await ask(prize, kind)), by: bob, note: '' });
const parts = async ({ budgetId }: Prize) => {
  const [row] = await query<Record<string, string>>(
    'SELECT granted_fen, available_fen, reserved_fen, settled_fen FROM budgets WHERE id = ?',
    [budgetId],
  );
  return [row!.granted_fen, row!.available_fen, row!.reserved_fen, row!.settled_fen].map(Number);
};
const received = async ({ memberId }: Prize) =>
  (
    await query<{ kind: Buffer }>("SELECT kind FROM member_events WHERE member_id = ? AND kind <> 'scan' ORDER BY at", [
      memberId,
    ])
  ).map(({ kind }) => textOf(kind));

/** An offer whose bill is born, as WeChat's news left it. */
async function ended(as: 'SETTLED' | 'FAILED', amountFen = 188): Promise<Prize & { billNo: string }> {
  const prize = await rig.prize(amountFen);
  await rig.request(prize);
  await wechat.disturb('silence_after_commit');
  await rig.drive(prize);
  const { billNo } = await rig.payout(prize);
  const owned = { ...prize, billNo: billNo! };
  await news(owned, as === 'SETTLED' ? 'SUCCESS' : 'FAIL');
  expect(await stateOf(prize)).toBe(as);
  return owned;
}

/** Genuine news of WeChat about a bill. */
function news(prize: Prize & { billNo: string }, state: 'SUCCESS' | 'FAIL') {
  const finished = { out_bill_no: prize.billNo, state, mch_id: wechat.mchId, transfer_amount: prize.amountFen };
  return rig.unitOfWork.run((tx) => rig.get(ApplyTransferNews).run(tx, finished, wechat.mchId));
}

async function doubt(prize: Prize & { billNo: string | null }, kind: IncidentKind): Promise<void> {
  await rig.unitOfWork.run((tx) =>
    rig.get(Incidents).raise(tx, {
      ...{ kind, payoutKey: prize.payoutKey, billNo: prize.billNo, detail: 'doubt', scope: randomUUID() },
    }),
  );
}

const releaseOf = (prize: Prize) =>
  rig.unitOfWork.run((tx) =>
    rig.get(Releases).release(tx, [
      {
        ...{
          awardKey: prize.payoutKey,
          payoutKey: prize.payoutKey,
          campaignId: PLANTED_CAMPAIGN,
          budgetId: prize.budgetId,
        },
        ...{ memberId: prize.memberId, amountFen: fen(prize.amountFen), lapsed: false, claimUntil: new Date() },
      },
    ]),
  );

it('what had failed did arrive: WeChat says so, two people book it, and the books, the member and the evidence agree', async () => {
  const prize = await ended('FAILED');
  const before = await parts(prize);
  expect((await news(prize, 'SUCCESS')).body.message).toBe('contradiction');
  expect(await rig.request(prize)).toEqual({ kind: 'frozen', state: 'FAILED' });
  await expect(ask(prize, 'fail')).rejects.toMatchObject({ code: 'not_manual' });
  await expect(ask(prize, 'settle', '到了')).rejects.toMatchObject({ code: 'evidence_needed', status: 422 });
  expect(await decide(prize, 'settle')).toMatchObject({ state: 'SETTLED' });
  expect(await rig.payout(prize)).toMatchObject({
    state: 'SETTLED',
    offerNo: 1,
    billNo: prize.billNo,
    failReason: null,
  });
  const [granted, available, reserved, settled] = before as [number, number, number, number];
  expect(await parts(prize)).toEqual([granted, available, reserved - 188, settled + 188]);
  expect(await received(prize)).toEqual(['received']);
  expect(await faults()).toEqual([]);
  const { events } = await rig.get(PayoutEvidence).run(prize.payoutKey);
  const words = events.map((event) => event.words);
  expect(words).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^微信回调：微信证实没有付成/),
      expect.stringMatching(/^微信回调：已到账/),
      '未成功 → 已到账：两个人作的结论',
    ]),
  );
  // The case stays until two people close it, and then nothing more is asked for: it is paid.
  const [open] = await rig.get(MoneyCases).ofPayout(prize.payoutKey);
  expect(open).toMatchObject({ kind: 'contradiction', state: 'open' });
  const closing = await rig.get(CloseCase).run({ caseId: open!.id, by: ann, reason: '已人工到账' });
  if (closing.outcome !== 'asked') throw new Error('one person closed it');
  await rig.get(DecideMoney).approve({ ...closing, by: bob, note: '' });
  expect(await rig.request(prize)).toEqual({ kind: 'settled', state: 'SETTLED' });
});

it('the contradiction leaves one row of evidence, however often it comes, and an answer under way is stale after it', async () => {
  const prize = await ended('FAILED');
  const { attemptNo } = await rig.payout(prize);
  for (let times = 0; times < 3; times++) await news(prize, 'SUCCESS');
  expect((await rig.payout(prize)).attemptNo).toBe(attemptNo + 1);
  const rows = await query<{ outcome: Buffer }>(
    "SELECT outcome FROM payout_attempts WHERE bill_no = ? AND act = 'notify' ORDER BY attempt_no",
    [prize.billNo],
  );
  expect(rows.map(({ outcome }) => textOf(outcome))).toEqual(['failed', 'succeeded']);
});

it('a prize that was released meanwhile: the release is undone first, openly, and the ledger still sums', async () => {
  const prize = await ended('FAILED');
  expect(await releaseOf(prize)).toMatchObject({ awards: 1, held: 0 });
  const [granted, available, reserved, settled] = (await parts(prize)) as [number, number, number, number];
  await news(prize, 'SUCCESS');
  await decide(prize, 'settle');
  expect(await parts(prize)).toEqual([granted, available - 188, reserved, settled + 188]);
  expect(await rig.get(Releases).releasedAt(db.database, [prize.payoutKey])).toEqual(new Map());
  expect(await faults()).toEqual([]);
  const keys = await query<{ journal_key: Buffer }>(
    'SELECT journal_key FROM ledger_journals WHERE journal_key LIKE ? ORDER BY journal_key',
    [`%${prize.payoutKey}%`],
  );
  expect(keys.map(({ journal_key }) => textOf(journal_key))).toEqual([
    `release:${prize.payoutKey}`,
    `reserve:${prize.payoutKey}`,
    `settle:${prize.payoutKey}:1`,
    `unrelease:${prize.payoutKey}`,
  ]);
  // It came back in the end: reserved again, and released a second time.
  await doubt(prize, 'bill_state');
  expect(await decide(prize, 'fail')).toMatchObject({ state: 'REFUNDED' });
  expect(await releaseOf(prize)).toMatchObject({ awards: 0, held: 1 });
  await query('UPDATE payout_incidents SET resolved_at = UTC_TIMESTAMP(6) WHERE payout_key = ?', [prize.payoutKey]);
  expect(await releaseOf(prize)).toMatchObject({ awards: 1 });
  expect(await releaseOf(prize)).toMatchObject({ awards: 0, held: 0 });
  expect(await parts(prize)).toEqual([granted, available, reserved, settled]);
  expect(await faults()).toEqual([]);
});

it('what was released and won by others is not there any more: nothing is booked until the budget has it', async () => {
  const prize = await ended('FAILED');
  await releaseOf(prize);
  await news(prize, 'SUCCESS');
  const [, available] = await parts(prize);
  await query('UPDATE budgets SET available_fen = 0, reserved_fen = reserved_fen + ? WHERE id = ?', [
    available!,
    prize.budgetId,
  ]);
  await expect(decide(prize, 'settle')).rejects.toMatchObject({ code: 'budget_short', status: 409 });
  expect(await stateOf(prize)).toBe('FAILED');
  await query('UPDATE budgets SET available_fen = ?, reserved_fen = reserved_fen - ? WHERE id = ?', [
    ...[available!, available!, prize.budgetId],
  ]);
  expect(await faults()).toEqual([]);
});

it.each(DISPUTING_KINDS.filter((kind) => kind !== 'bill_extra'))(
  '%s: what we hold paid did not stay; two people give it back to the budget, and back again when they were wrong',
  async (kind) => {
    const prize = await ended('SETTLED');
    const before = await parts(prize);
    await expect(ask(prize, 'fail')).rejects.toMatchObject({ code: 'not_disputed', status: 409 });
    await doubt(prize, kind);
    await expect(ask(prize, 'settle')).rejects.toMatchObject({ code: 'not_manual' });
    expect(await decide(prize, 'fail')).toMatchObject({ state: 'REFUNDED' });
    expect(await rig.payout(prize)).toMatchObject({ state: 'REFUNDED', failReason: 'MANUAL' });
    const [granted, available, reserved, settled] = before as [number, number, number, number];
    expect(await parts(prize)).toEqual([granted, available, reserved + 188, settled - 188]);
    expect(await faults()).toEqual([]);
    // And round again, twice: each arrival and each return is booked once, under a name of its own.
    for (const [outcome, state] of [
      ['settle', 'SETTLED'],
      ['fail', 'REFUNDED'],
      ['settle', 'SETTLED'],
    ] as const) {
      expect(await decide(prize, outcome)).toMatchObject({ state });
      expect(await faults()).toEqual([]);
    }
    expect(await parts(prize)).toEqual(before);
    expect(await received(prize)).toEqual(['received', 'returned', 'received', 'returned', 'received']);
  },
);

it('since it was doubted WeChat said success: people cannot say that it failed', async () => {
  const prize = await ended('SETTLED');
  await doubt(prize, 'bill_missing');
  await query(
    `INSERT INTO payout_attempts (bill_no, attempt_no, act, request_hash, started_at, finished_at, outcome, evidence)
     SELECT bill_no, 90, 'query', request_hash, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), 'succeeded', 'SUCCESS' FROM payout_bills WHERE bill_no = ?`,
    [prize.billNo],
  );
  await expect(decide(prize, 'fail')).rejects.toMatchObject({ code: 'shows_success', status: 409 });
  expect(await stateOf(prize)).toBe('SETTLED');
});

it('a later offer exists: what came of the earlier one cannot be booked as this one', async () => {
  const first = await ended('FAILED');
  await rig.request(first);
  await wechat.disturb('silence_after_commit');
  await rig.drive(first);
  const second = { ...first, billNo: (await rig.payout(first)).billNo! };
  expect(second.billNo).not.toBe(first.billNo);
  await news(second, 'FAIL');
  await news(first, 'SUCCESS');
  await expect(ask(first, 'settle')).rejects.toMatchObject({ code: 'later_offer', status: 409 });
  const kept = await query('SELECT 1 FROM payout_attempts WHERE bill_no = ? AND outcome = ?', [
    first.billNo,
    'succeeded',
  ]);
  expect(kept).toHaveLength(1);
  expect(await rig.request(first)).toEqual({ kind: 'frozen', state: 'FAILED' });
});

it('between asking and the yes the doubt went away, or the payout moved: the yes is void', async () => {
  const prize = await ended('FAILED');
  await news(prize, 'SUCCESS');
  const decision = await ask(prize, 'settle');
  await query('UPDATE payout_incidents SET resolved_at = UTC_TIMESTAMP(6) WHERE payout_key = ?', [prize.payoutKey]);
  await expect(rig.get(DecideMoney).approve({ ...decision, by: bob, note: '' })).rejects.toMatchObject({
    code: 'not_disputed',
  });
  await rig.request(prize);
  await expect(rig.get(DecideMoney).approve({ ...decision, by: bob, note: '' })).rejects.toMatchObject({
    code: 'not_manual',
  });
});

it('no machine makes that move', async () => {
  const prize = await ended('FAILED');
  await rig.unitOfWork.run(async (tx) => {
    const payouts = rig.get(PayoutsRepository);
    const payout = (await payouts.lock(tx, prize.payoutKey))!;
    await expect(payouts.move(tx, payout, 'SETTLED', 'callback', { settledAt: 'now' })).rejects.toThrow(
      'cannot go from',
    );
  });
});
