import { textOf } from '@app/database';
import { openTestDatabase, type TestDatabase } from '@app/testing';
import { FakeWechat } from '../channels/fake-wechat.contract';
import { openPayouts, type PayoutsRig, type Prize } from '../driving/payouts-rig.contract';
import { AskWechat } from './ask-wechat';
import { Incidents } from './incidents';
import { MoneyCases } from './money-cases';

jest.setTimeout(60_000);

let db: TestDatabase;
let rig: PayoutsRig;
let wechat: FakeWechat;
beforeAll(async () => {
  db = await openTestDatabase({ own: 'ledger' });
  wechat = new FakeWechat();
  rig = await openPayouts(db, { wechat });
}, 60_000);
afterAll(async () => {
  await rig.close();
  await db.close();
});

const query = <T>(sql: string, params: (string | number)[] = []) => db.database.query<T>(sql, params);
const jobs = async (word: string) =>
  (await query<{ job: Buffer }>('SELECT job FROM outbox WHERE payload LIKE ? ORDER BY id', [`%${word}%`])).map(
    ({ job }) => textOf(job),
  );

async function caseOf(prize: Prize): Promise<number> {
  const { billNo } = await rig.payout(prize);
  const { payoutKey } = prize;
  await rig.unitOfWork.run((tx) =>
    rig.get(Incidents).raise(tx, { kind: 'unlisted', payoutKey, billNo, detail: 'look', scope: payoutKey }),
  );
  return (await rig.get(MoneyCases).ofPayout(payoutKey))[0]!.id;
}

it('asks about a result by a job, once a minute, and says so in the trail', async () => {
  const prize = await rig.prize();
  await rig.request(prize);
  await rig.drive(prize);
  const { billNo } = await rig.payout(prize);
  await wechat.take(billNo!);
  await query('UPDATE payouts SET next_at = UTC_TIMESTAMP(6) WHERE payout_key = ?', [prize.payoutKey]);
  await rig.drive(prize);
  expect((await rig.payout(prize)).state).toBe('SETTLED');
  const caseId = await caseOf(prize);
  const asking = await Promise.allSettled([1, 2, 3].map((by) => rig.get(AskWechat).run({ caseId, by })));
  expect(asking.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  await expect(rig.get(AskWechat).run({ caseId, by: 1 })).rejects.toMatchObject({
    code: 'asked_just_now',
    status: 429,
  });
  expect(await jobs(billNo!)).toEqual(['payouts.ask-about-bill']);
  const { trail } = await rig.get(MoneyCases).one(caseId);
  expect(trail.map(({ act, note }) => [act, note])).toEqual([['asked_wechat', billNo]]);
});

it('what the line would ask about anyway is asked by the line, now', async () => {
  const prize = await rig.prize();
  await rig.request(prize);
  await rig.drive(prize);
  expect((await rig.payout(prize)).state).toBe('WAIT_USER');
  const caseId = await caseOf(prize);
  await rig.get(AskWechat).run({ caseId, by: 1 });
  const { nextAt } = await rig.payout(prize);
  expect(nextAt!.getTime()).toBeLessThanOrEqual(Date.now() + 1000);
  expect(await jobs((await rig.payout(prize)).billNo!)).toEqual([]);
});

it('not without a bill of ours, and not in the middle of an exchange', async () => {
  const prize = await rig.prize();
  await rig.request(prize);
  await expect(rig.get(AskWechat).run({ caseId: await caseOf(prize), by: 1 })).rejects.toMatchObject({
    ...{ code: 'no_bill', status: 409 },
  });
  await expect(rig.get(AskWechat).run({ caseId: 999_999_999, by: 1 })).rejects.toMatchObject({ code: 'no_case' });
  await rig.drive(prize);
  await query("UPDATE payouts SET state = 'SENDING' WHERE payout_key = ?", [prize.payoutKey]);
  const other = await caseOfAgain(prize);
  await expect(rig.get(AskWechat).run({ caseId: other, by: 1 })).rejects.toMatchObject({ code: 'under_way' });
});

async function caseOfAgain(prize: Prize): Promise<number> {
  const { billNo } = await rig.payout(prize);
  await query('UPDATE payout_incidents SET bill_no = ? WHERE payout_key = ?', [billNo!, prize.payoutKey]);
  return (await rig.get(MoneyCases).ofPayout(prize.payoutKey))[0]!.id;
}
