import { randomUUID } from 'node:crypto';
import { fen } from '@app/kernel';
import { AuditLog } from '@app/staff';
import { openTestDatabase, until, type TestDatabase } from '@app/testing';
import { FakeWechat } from '../channels/fake-wechat.contract';
import { openPayouts, PLANTED_CAMPAIGN, type PayoutsRig, type Prize } from '../driving/payouts-rig.contract';
import { PayoutsRepository } from '../driving/payouts.repository';
import { RequestPayout } from '../driving/request-payout';
import { LedgerCheck } from '../ledger/ledger-check';
import { AskDecision } from './ask-decision';
import { DecideMoney } from './decide-money';
import { DecisionList } from './decision-list';
import { Incidents } from './incidents';
import { INCIDENT_KIND_NAMES, INCIDENT_KINDS, type IncidentKind } from './incident-kinds';
import { MoneyCases } from './money-cases';
import { CloseCase, WorkOnCase } from './work-on-case';

const SETUP_MS = 60_000;

let db: TestDatabase;
let rig: PayoutsRig;
let wechat: FakeWechat;
let ann: number;
let bob: number;
beforeAll(async () => {
  db = await openTestDatabase({ own: 'ledger' });
  wechat = new FakeWechat();
  rig = await openPayouts(db, { wechat });
  [ann, bob] = [await operator(), await operator()];
}, SETUP_MS);
afterAll(async () => {
  await rig.close();
  await db.close();
});

const REASON = '商户平台按单号查过';
const NO_SUCCESS = '商户平台显示该单已关闭，资金已退回';

async function operator(roles = 'finance', status = 'active', distributorId: number | null = null): Promise<number> {
  const login = `op-${randomUUID().slice(0, 12)}`;
  const { insertId } = await rig.unitOfWork.run((tx) =>
    tx.execute(
      "INSERT INTO operators (login, name, password_hash, roles, status, distributor_id, created_at) VALUES (?, ?, 'x', ?, ?, ?, UTC_TIMESTAMP(6))",
      [login, login, roles, status, distributorId],
    ),
  );
  return insertId;
}

/** A payout that waits for people, with the case that says so. */
async function undecided(kind: IncidentKind = 'stuck'): Promise<Prize> {
  const prize = await rig.prize();
  await rig.request(prize);
  await wechat.disturb('silence_after_commit');
  await rig.drive(prize);
  await rig.unitOfWork.run(async (tx) => {
    const payouts = rig.get(PayoutsRepository);
    const payout = (await payouts.lock(tx, prize.payoutKey))!;
    expect(payout.state).toBe('UNKNOWN');
    const { billNo } = await payouts.move(tx, payout, 'MANUAL', 'unknown_too_long', { nextInMs: null, leaseMs: null });
    await rig.get(Incidents).raise(tx, { kind, payoutKey: prize.payoutKey, billNo, detail: 'for people' });
  });
  return prize;
}

async function raise(kind: IncidentKind, payoutKey: string | null = null): Promise<number> {
  const scope = randomUUID();
  await rig.unitOfWork.run((tx) =>
    rig.get(Incidents).raise(tx, { kind, payoutKey, billNo: null, detail: 'look', scope }),
  );
  return Number(
    (await query<{ id: string }>('SELECT id FROM payout_incidents WHERE incident_key = ?', [`${kind}:${scope}`]))[0]!
      .id,
  );
}

const query = <T>(sql: string, params: (string | number)[] = []) => db.database.query<T>(sql, params);
const stateOf = async (prize: Prize) => (await rig.payout(prize)).state;
const ask = (prize: Prize, kind: 'settle' | 'fail', evidence = NO_SUCCESS) =>
  rig.get(AskDecision).run({ payoutKey: prize.payoutKey, kind, reason: REASON, evidence, by: ann });
const approve = (decision: { decisionId: number; contentHash: string }, by = bob) =>
  rig.get(DecideMoney).approve({ ...decision, by, note: '' });
const caseOf = async (prize: Prize) => (await rig.get(MoneyCases).ofPayout(prize.payoutKey))[0]!;
const auditOf = async (object: string) =>
  (await rig.get(AuditLog).list({ limit: 20, object })).items.map(({ act }) => act).reverse();

describe('a result that people decide', () => {
  it('money that did arrive: two people, state, books, member and audit in one go; its case is closed by it', async () => {
    const prize = await undecided();
    const decision = await ask(prize, 'settle');
    expect(await approve(decision)).toEqual({ decisionId: decision.decisionId, state: 'SETTLED' });
    expect(await stateOf(prize)).toBe('SETTLED');
    expect((await caseOf(prize)).trail.map(({ act }) => act)).toEqual(['decided']);
    const [event] = await query<{ amount_fen: string }>(
      "SELECT amount_fen FROM member_events WHERE member_id = ? AND kind = 'received'",
      [prize.memberId],
    );
    expect(Number(event?.amount_fen)).toBe(prize.amountFen);
    expect(await auditOf(`payout:${prize.payoutKey}`)).toEqual(['payouts.ask-settle', 'payouts.approve-settle']);
    expect(await rig.get(LedgerCheck).run()).toEqual([]);
  });

  it('money that did not: the fen stay reserved, and the next tap makes the next offer with another bill', async () => {
    const prize = await undecided();
    const { billNo } = await rig.payout(prize);
    await approve(await ask(prize, 'fail'));
    expect(await rig.payout(prize)).toMatchObject({ state: 'FAILED', failReason: 'MANUAL', offerNo: 1 });
    expect(await rig.request(prize)).toEqual({ kind: 'requested', state: 'PENDING' });
    await rig.drive(prize);
    const next = await rig.payout(prize);
    expect([next.offerNo, next.billNo === billNo]).toEqual([2, false]);
    expect(await rig.get(LedgerCheck).run()).toEqual([]);
  });

  it('who asked cannot say yes, nor can the database be made to hold it', async () => {
    const prize = await undecided();
    const decision = await ask(prize, 'settle');
    await expect(approve(decision, ann)).rejects.toMatchObject({ code: 'same_person', status: 403 });
    await expect(
      query("UPDATE money_decisions SET state = 'approved', pending_key = NULL, decided_by = asked_by WHERE id = ?", [
        decision.decisionId,
      ]),
    ).rejects.toThrow('ck_money_decisions_eyes');
    expect(await stateOf(prize)).toBe('MANUAL');
  });

  it('words that were changed after somebody read them are not what that person says yes to', async () => {
    const prize = await undecided();
    const first = await ask(prize, 'fail');
    const { decisionId } = first;
    const revised = await rig
      .get(AskDecision)
      .revise({ decisionId, by: ann, reason: REASON, evidence: `${NO_SUCCESS}，已再次核对` });
    expect(revised.contentHash).not.toBe(first.contentHash);
    await expect(approve(first)).rejects.toMatchObject({ code: 'changed', status: 409 });
    await expect(
      rig.get(AskDecision).revise({ decisionId, by: bob, reason: '别人改', evidence: NO_SUCCESS }),
    ).rejects.toMatchObject({ code: 'not_yours' });
    await approve(revised);
    expect(await stateOf(prize)).toBe('FAILED');
  });

  it('a row changed behind its hash is a Defect', async () => {
    const prize = await undecided();
    const decision = await ask(prize, 'fail');
    await query("UPDATE money_decisions SET kind = 'settle' WHERE id = ?", [decision.decisionId]);
    await expect(approve(decision)).rejects.toThrow('behind its hash');
    expect(await stateOf(prize)).toBe('MANUAL');
  });

  it('twice is once: a second yes, a yes after a no, and twenty at the same moment', async () => {
    const prize = await undecided();
    const decision = await ask(prize, 'settle');
    await expect(ask(prize, 'fail')).rejects.toMatchObject({ code: 'already_asked', status: 409 });
    const votes = await Promise.allSettled(Array.from({ length: 20 }, () => approve(decision)));
    expect(votes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(approve(decision)).rejects.toMatchObject({ code: 'already_decided' });
    const other = await undecided();
    const refused = await ask(other, 'settle');
    await rig.get(DecideMoney).refuse({ decisionId: refused.decisionId, by: bob, reason: '证据不足' });
    await expect(approve(refused)).rejects.toMatchObject({ code: 'already_decided' });
    expect(await stateOf(other)).toBe('MANUAL');
    expect(await rig.get(LedgerCheck).run()).toEqual([]);
  });

  it('only a payout that waits for people, and only as long as it does', async () => {
    const waiting = await rig.prize();
    await rig.request(waiting);
    await expect(ask(waiting, 'settle')).rejects.toMatchObject({ code: 'not_manual', status: 409 });
    await expect(
      rig.get(AskDecision).run({ payoutKey: '1:2:3:4', kind: 'settle', reason: REASON, evidence: '', by: ann }),
    ).rejects.toMatchObject({ code: 'no_payout', status: 404 });

    const prize = await undecided();
    const decision = await ask(prize, 'fail');
    await rig.unitOfWork.run(async (tx) => {
      const payout = (await rig.get(PayoutsRepository).lock(tx, prize.payoutKey))!;
      await rig.get(PayoutsRepository).move(tx, payout, 'FAILED', 'callback', { failReason: 'OVERDUE_CLOSE' });
    });
    await expect(approve(decision)).rejects.toMatchObject({ code: 'not_manual' });
    expect((await rig.get(DecisionList).one(decision.decisionId)).outdated).toBe(true);
    await rig.get(AskDecision).withdraw({ decisionId: decision.decisionId, by: ann, reason: '微信已有结论' });
  });

  it('a failure needs its evidence, and an answer of success that we hold forbids it', async () => {
    const prize = await undecided();
    await expect(ask(prize, 'fail', '没有')).rejects.toMatchObject({ code: 'evidence_needed', status: 422 });
    const { billNo } = await rig.payout(prize);
    await query("UPDATE payout_attempts SET outcome = 'succeeded' WHERE bill_no = ?", [billNo!]);
    await expect(approve(await ask(prize, 'fail'))).rejects.toMatchObject({ code: 'shows_success', status: 409 });
    expect(await stateOf(prize)).toBe('MANUAL');
  });

  it('an exchange that was under way all the time records nothing over what people decided (I21)', async () => {
    const prize = await rig.prize();
    await rig.request(prize);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    wechat.beforeReply = () => held;
    const driving = rig.drive(prize);
    await until('WeChat has it', async () => (await stateOf(prize)) === 'SENDING');
    await rig.unitOfWork.run(async (tx) => {
      const payouts = rig.get(PayoutsRepository);
      const payout = (await payouts.lock(tx, prize.payoutKey))!;
      const unknown = await payouts.move(tx, payout, 'UNKNOWN', 'lease_lost', { unknownSince: 'now' });
      await payouts.move(tx, unknown, 'MANUAL', 'unknown_too_long', { nextInMs: null, leaseMs: null });
    });
    await approve(await ask(prize, 'fail'));
    wechat.beforeReply = () => Promise.resolve();
    release();
    await driving;
    expect(await stateOf(prize)).toBe('FAILED');
  });
});

describe('a case', () => {
  it('is taken, handed on, written about and closed; the trail keeps all of it and cannot be changed', async () => {
    const id = await raise('unlisted');
    const work = rig.get(WorkOnCase);
    expect(await rig.get(MoneyCases).one(id)).toMatchObject({ state: 'open', owner: null, closedBy: 'one' });
    await work.assign({ caseId: id, by: ann, ownerId: ann });
    await expect(work.assign({ caseId: id, by: bob, ownerId: bob })).rejects.toMatchObject({ code: 'owned_by_other' });
    await work.assign({ caseId: id, by: bob, ownerId: bob, takeOver: true, note: '换班' });
    await work.note({ caseId: id, by: bob, text: '已问微信支付客服' });
    const closed = await rig.get(CloseCase).run({ caseId: id, by: bob, reason: '客服答复：新错误码，按未知处理' });
    expect(closed.outcome).toBe('closed');
    const seen = await rig.get(MoneyCases).one(id);
    expect(seen).toMatchObject({ state: 'closed', owner: { id: bob } });
    expect(seen.trail.map(({ act, by }) => [act, by?.id])).toEqual([
      ['assigned', ann],
      ['assigned', bob],
      ['noted', bob],
      ['closed', bob],
    ]);
    await expect(rig.get(CloseCase).run({ caseId: id, by: ann, reason: REASON })).rejects.toMatchObject({
      code: 'case_closed',
    });
    for (const sql of ["UPDATE money_case_trail SET note = 'x'", 'DELETE FROM money_case_trail']) {
      await expect(query(`${sql} WHERE incident_id = ?`, [id])).rejects.toThrow('denied');
    }
  });

  it('goes only to somebody of headquarters who still works here', async () => {
    const id = await raise('unlisted');
    for (const nobody of [
      await operator('distributor', 'active', 1),
      await operator('auditor'),
      await operator('finance', 'disabled'),
      999_999_999,
    ]) {
      await expect(rig.get(WorkOnCase).assign({ caseId: id, by: ann, ownerId: nobody })).rejects.toMatchObject({
        code: 'no_operator',
      });
    }
    await expect(rig.get(WorkOnCase).assign({ caseId: 999_999_999, by: ann, ownerId: ann })).rejects.toMatchObject({
      code: 'no_case',
    });
  });

  it.each(INCIDENT_KIND_NAMES.filter((kind) => INCIDENT_KINDS[kind].closedBy === 'two'))(
    '%s is closed by two people, and until then its payout begins no new offer',
    async (kind) => {
      const prize = await undecided(kind);
      const { id } = await caseOf(prize);
      await expect(rig.get(CloseCase).run({ caseId: id, by: ann, reason: REASON })).rejects.toMatchObject({
        code: 'payout_undecided',
      });
      await approve(await ask(prize, 'fail'));
      const again = () => rig.request(prize);
      if (INCIDENT_KINDS[kind].freezes) expect(await again()).toEqual({ kind: 'frozen', state: 'FAILED' });
      const closing = await rig.get(CloseCase).run({ caseId: id, by: ann, reason: REASON });
      if (closing.outcome !== 'asked') throw new Error('one person closed it');
      await expect(approve(closing, ann)).rejects.toMatchObject({ code: 'same_person' });
      expect(await caseOf(prize)).toMatchObject({ state: 'open', pendingDecisionId: closing.decisionId });
      await approve(closing);
      expect(await caseOf(prize)).toMatchObject({ state: 'closed', pendingDecisionId: null });
      expect((await again()).kind).toBe('requested');
      expect(await auditOf(`case:${id}`)).toEqual(['payouts.ask-close-case', 'payouts.approve-close']);
    },
  );

  it('whose cause goes away is closed by itself, with a line that says so, and may come again', async () => {
    const incidents = rig.get(Incidents);
    const scope = randomUUID();
    const wrong = { kind: 'channel_blocked', payoutKey: null, billNo: null, detail: 'NOT_ENOUGH', scope } as const;
    const once = () => rig.unitOfWork.run((tx) => incidents.raise(tx, wrong));
    expect([await once(), await once()]).toEqual([true, false]);
    await rig.unitOfWork.run((tx) => incidents.resolve(tx, 'channel_blocked', scope));
    await rig.unitOfWork.run((tx) => incidents.resolve(tx, 'channel_blocked', scope));
    const [row] = await query<{ id: string }>(
      "SELECT id FROM payout_incidents WHERE incident_key LIKE CONCAT('%', ?, '#%')",
      [scope],
    );
    const { trail, state } = await rig.get(MoneyCases).one(Number(row!.id));
    expect([state, trail.map(({ act, by }) => [act, by])]).toEqual(['closed', [['resolved', null]]]);
    expect(await once()).toBe(true);
  });
});

describe('the lists', () => {
  it('pages by kind, state, owner and age; the badge counts the same', async () => {
    const cases = rig.get(MoneyCases);
    const cat = await operator();
    const before = await cases.counts(cat);
    const mine = await raise('unpayable');
    await rig.get(WorkOnCase).assign({ caseId: mine, by: cat, ownerId: cat });
    const open = [await raise('unpayable'), await raise('unpayable')];
    const page = async (question: object) => (await cases.page({ limit: 100, ...question })).items.map(({ id }) => id);
    expect(await page({ owner: cat })).toEqual([mine]);
    expect(await page({ owner: cat, state: 'working', kind: 'unpayable' })).toEqual([mine]);
    expect(await page({ owner: cat, kind: 'stuck' })).toEqual([]);
    expect(await page({ kind: 'unpayable', state: 'open' })).toEqual(expect.arrayContaining(open));
    expect(await page({ kind: 'unpayable', olderThanMinutes: 60 })).toEqual([]);
    const first = await cases.page({ limit: 1, kind: 'unpayable' });
    const second = await cases.page({ limit: 1, kind: 'unpayable', cursor: first.nextCursor });
    expect(second.items[0]!.id).toBeGreaterThan(first.items[0]!.id);
    const after = await cases.counts(cat);
    expect([after.open - before.open, after.working - before.working, after.mine]).toEqual([2, 1, 1]);
    expect(after.byKind.find(({ kind }) => kind === 'unpayable')!.count).toBeGreaterThanOrEqual(3);
  });

  it('what waits for a second person is on the list of everybody but who asked', async () => {
    const prize = await undecided();
    const before = [await rig.get(MoneyCases).counts(ann), await rig.get(MoneyCases).counts(bob)];
    const { decisionId, contentHash } = await ask(prize, 'settle');
    const after = [await rig.get(MoneyCases).counts(ann), await rig.get(MoneyCases).counts(bob)];
    expect(after.map(({ toDecide }, index) => toDecide - before[index]!.toDecide)).toEqual([0, 1]);
    const { items } = await rig.get(DecisionList).page({ limit: 100 });
    expect(items.find(({ id }) => id === decisionId)).toMatchObject({
      ...{ kind: 'settle', contentHash, payoutKey: prize.payoutKey, amountFen: fen(prize.amountFen), outdated: false },
      ...{ payoutState: 'MANUAL', askedBy: { id: ann }, reason: REASON },
    });
    await approve({ decisionId, contentHash });
    const done = await rig.get(DecisionList).page({ limit: 5, state: 'approved' });
    expect(done.items[0]).toMatchObject({ id: decisionId, decidedBy: { id: bob } });
  });
});

it('a request for a payout that people have failed cannot jump over a case that freezes it', async () => {
  const prize = await undecided('mismatch');
  await approve(await ask(prize, 'fail'));
  const again = await Promise.all(
    Array.from({ length: 5 }, () =>
      rig.unitOfWork.run((tx) =>
        rig.get(RequestPayout).run(tx, {
          ...{ payoutKey: prize.payoutKey, memberId: prize.memberId, budgetId: prize.budgetId },
          ...{ campaignId: PLANTED_CAMPAIGN, versionId: 1, amountFen: fen(prize.amountFen) },
        }),
      ),
    ),
  );
  expect(again.map(({ kind }) => kind)).toEqual(Array.from({ length: 5 }, () => 'frozen'));
  expect((await rig.payout(prize)).offerNo).toBe(1);
});
