import { UnitOfWork } from '@app/database';
import { until } from '@app/testing';
import { ApiRig, type Desk, type Phone } from './rig';

let rig: ApiRig;
let phone: Phone;
let ann: Desk;
let bob: Desk;
beforeAll(async () => {
  rig = await ApiRig.open();
  await rig.startWorker();
  phone = await rig.phone();
  [ann, bob] = [await rig.desk(), await rig.desk()];
});
afterAll(() => rig.close());

/** A person taps, WeChat stays silent, and the payout ends up with people. */
async function undecided(): Promise<{ key: string; award: string; caseId: number }> {
  const batch = await rig.batch();
  await rig.campaign([batch.id]);
  const { body } = await phone.scan(batch.text(1)).expect(200);
  const award = body.reward.awardId as string;
  await phone.agent.post(`/v1/h5/awards/${award}/claim`).expect(202);
  await phone.award(award, 'confirm');
  const key = `${batch.id}:0:1:0`;
  await rig.get(UnitOfWork).run(async (tx) => {
    await tx.execute(
      "UPDATE payouts SET state = 'MANUAL', next_at = NULL, move_no = move_no + 1 WHERE payout_key = ?",
      [key],
    );
    await tx.execute(
      `INSERT INTO payout_incidents (incident_key, payout_key, kind, detail, created_at)
       VALUES (?, ?, 'stuck', 'WeChat gave no clear answer in time', UTC_TIMESTAMP(6))`,
      [`stuck:${key}`, key],
    );
  });
  const caseId = await rig.count('SELECT id FROM payout_incidents WHERE payout_key = ?', [key]);
  return { key, award, caseId };
}

const get = async (desk: Desk, path: string) => (await desk.get(`/v1/console/${path}`).expect(200)).body;

it('a payout nobody knows the end of: taken, noted, asked by one, approved by another, arrived on the phone', async () => {
  const { key, award, caseId } = await undecided();
  const list = await get(ann, 'money-cases?kind=stuck&owner=none&limit=100');
  expect(list.items).toEqual(
    expect.arrayContaining([expect.objectContaining({ id: caseId, state: 'open', payoutKey: key })]),
  );
  await ann.post(`/v1/console/money-cases/${caseId}/assign`).send({}).expect(204);
  await ann.post(`/v1/console/money-cases/${caseId}/notes`).send({ text: '商户平台显示已转账成功' }).expect(204);
  expect((await get(ann, 'money-cases/counts')).mine).toBe(1);
  const closing = await ann.post(`/v1/console/money-cases/${caseId}/close`).send({ reason: '先关掉再说' }).expect(409);
  expect(closing.body.error.code).toBe('payout_undecided');

  const words = { outcome: 'settle', reason: '商户平台按单号查到成功', evidence: '转账成功，10:32' };
  const asked = await ann.post(`/v1/console/payouts/${key}/decisions`).send(words).expect(201);
  const { decisionId, contentHash } = asked.body;
  const path = `/v1/console/money-decisions/${decisionId}`;
  expect((await ann.post(`${path}/approve`).send({ contentHash }).expect(403)).body.error.code).toBe('same_person');
  const changed = await ann.put(path).send({ reason: words.reason, evidence: '转账成功，10:33' }).expect(200);
  expect((await bob.post(`${path}/approve`).send({ contentHash }).expect(409)).body.error.code).toBe('changed');
  const yes = { contentHash: changed.body.contentHash };
  expect((await bob.post(`${path}/approve`).send(yes).expect(200)).body.state).toBe('SETTLED');
  expect((await bob.post(`${path}/approve`).send(yes).expect(409)).body.error.code).toBe('already_decided');
  await phone.award(award, 'settled');

  const dossier = await get(bob, `payouts/${key}/evidence`);
  const kinds = dossier.events.map((event: { kind: string }) => event.kind);
  for (const kind of [
    'scanned',
    'won',
    'asked_for',
    'bill',
    'attempt',
    'move',
    'case',
    'decision',
    'journal',
    'audit',
  ]) {
    expect(kinds).toContain(kind);
  }
  const times = dossier.events.map(({ at }: { at: string }) => Date.parse(at));
  expect(times).toEqual([...times].sort((one: number, other: number) => one - other));
  expect(dossier.awards[0].campaign.contentHash).toMatch(/^[0-9a-f]{64}$/);
  expect(JSON.stringify(dossier)).not.toMatch(/o[-\w]{27,28}"/);
  expect((await get(bob, `money-cases/${caseId}`)).state).toBe('closed');
  expect((await get(bob, 'ledger/summary?recount=true')).faults).toEqual([]);
});

it('a failure that people prove gives the prize back to the person, who can claim it again', async () => {
  const { key, award } = await undecided();
  await ann.post(`/v1/console/payouts/${key}/decisions`).send({ outcome: 'fail', reason: '查过了' }).expect(400);
  const short = { outcome: 'fail', reason: '商户平台查过了', evidence: '没有' };
  expect((await ann.post(`/v1/console/payouts/${key}/decisions`).send(short).expect(422)).body.error.code).toBe(
    'evidence_needed',
  );
  const full = { ...short, evidence: '商户平台：该单已关闭，资金已退回' };
  const { body } = await ann.post(`/v1/console/payouts/${key}/decisions`).send(full).expect(201);
  const waiting = await get(bob, 'money-decisions');
  expect(waiting.items.map(({ id }: { id: number }) => id)).toContain(body.decisionId);
  await bob
    .post(`/v1/console/money-decisions/${body.decisionId}/approve`)
    .send({ contentHash: body.contentHash })
    .expect(200);
  await phone.agent.post(`/v1/h5/awards/${award}/claim`).expect(202);
  await phone.award(award, 'confirm');
  expect(await rig.count('SELECT offer_no FROM payouts WHERE payout_key = ?', [key])).toBe(2);
});

it('the finance screen answers at once, and the stuck list says why and what is next', async () => {
  const { key } = await undecided();
  await get(ann, 'finance');
  const before = performance.now();
  const screen = await get(ann, 'finance');
  expect(performance.now() - before).toBeLessThan(1_000);
  const { grantedFen, availableFen, reservedFen, settledFen } = screen.totals;
  expect(grantedFen).toBe(availableFen + reservedFen + settledFen);
  expect(screen.merchants[0].clearing.length).toBeGreaterThan(0);
  expect(screen.channels[0]).toMatchObject({ state: 'open', reason: null });
  expect(screen.inFlight.byState.map(({ state }: { state: string }) => state)).toContain('MANUAL');
  const stuck = await get(ann, 'finance/stuck?state=MANUAL&olderThanMinutes=0&limit=100');
  expect(stuck.items.find(({ payoutKey }: { payoutKey: string }) => payoutKey === key)).toMatchObject({
    ...{ at: null, next: '等两个人定论：人工到账或人工失败' },
  });
  const mine = stuck.items[0].memberId as number;
  expect((await get(ann, `payouts?memberId=${mine}&limit=100`)).items.length).toBeGreaterThan(0);
  expect((await get(ann, 'payouts?memberId=1')).items).toEqual([]);
});

it('dead jobs are listed, looked at, replayed and given up, each once and with a reason', async () => {
  const park = async (): Promise<number> =>
    (
      await rig.get(UnitOfWork).run((tx) =>
        tx.execute(
          `INSERT INTO outbox (status, due, job, job_key, payload, failures, last_error, created_at)
           VALUES (2, UTC_TIMESTAMP(6), 'spec.gone', 'x', '{}', 3, 'unknown job', UTC_TIMESTAMP(6))`,
        ),
      )
    ).insertId;
  const [again, never] = [await park(), await park()];
  const list = await get(ann, 'dead-jobs?job=spec.gone');
  expect(list.items.map(({ id }: { id: string }) => Number(id))).toEqual(expect.arrayContaining([again, never]));
  expect(await get(ann, `dead-jobs/${again}`)).toMatchObject({ job: 'spec.gone', lastError: 'unknown job' });
  await ann.post(`/v1/console/dead-jobs/${again}/replay`).send({}).expect(400);
  await ann.post(`/v1/console/dead-jobs/${never}/give-up`).send({ reason: '旧版本留下的任务' }).expect(204);
  await ann.post(`/v1/console/dead-jobs/${never}/give-up`).send({ reason: '旧版本留下的任务' }).expect(404);
  await ann.post(`/v1/console/dead-jobs/${again}/replay`).send({ reason: '修好了，再跑一次' }).expect(204);
  await until('nobody handles it, so it is parked again', async () => {
    const { items } = await get(ann, 'dead-jobs?job=spec.gone');
    return items.length === 1 && Number(items[0].id) === again;
  });
  const acts = await rig.count("SELECT COUNT(*) FROM audit_log WHERE act IN ('jobs.replay', 'jobs.give-up')");
  expect(acts).toBeGreaterThanOrEqual(2);
});
