import { addDays, shanghaiDay } from '@app/kernel';
import { openTestDatabase, until, type TestDatabase } from '@app/testing';
import type { Prize } from '../driving/payouts-rig.contract';
import { openReconciliation, type ReconcileRig } from './reconcile-rig.contract';

jest.setTimeout(120_000);

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase({ own: 'bill_files' });
});
afterAll(() => db?.close());

let people = 0;

/** A prize that somebody asked for and whose bill is at WeChat. */
async function asked(rig: ReconcileRig, amountFen: number): Promise<{ prize: Prize; billNo: string }> {
  const openid = await rig.sandbox.addUser(`story-${++people}`);
  const prize = await rig.payouts.prize(amountFen, openid);
  await rig.payouts.request(prize);
  await until('the bill is at WeChat', async () => {
    await rig.payouts.drive(prize);
    return (await rig.payouts.payout(prize)).state === 'WAIT_USER';
  });
  return { prize, billNo: (await rig.payouts.payout(prize)).billNo! };
}

async function ends(rig: ReconcileRig, prize: Prize, state: string): Promise<void> {
  await until(`the payout is ${state}`, async () => {
    await db.asOwner.query('UPDATE payouts SET next_at = UTC_TIMESTAMP(6) WHERE payout_key = ?', [prize.payoutKey]);
    await rig.payouts.drive(prize);
    return (await rig.payouts.payout(prize)).state === state;
  });
}

/** Lets a day pass at WeChat: what nobody took is closed, and the files of today and tomorrow are made. */
const daysPass = (rig: ReconcileRig, days: number): Promise<unknown> =>
  rig.sandbox.admin('POST', '/clock/advance', { seconds: days * 86_400 });

it('transfers that were paid and refused, through the real channel: all confirmed, nothing else', async () => {
  const rig = await openReconciliation(db, 'transfer_confirm_v3');
  try {
    const today = shanghaiDay(new Date());
    const paid = await asked(rig, 188);
    const refused = await asked(rig, 200);
    const lied = await asked(rig, 300);
    for (const { billNo } of [paid, lied]) await rig.sandbox.admin('POST', `/transfers/${billNo}/confirm`, {});
    await ends(rig, paid.prize, 'SETTLED');
    await ends(rig, lied.prize, 'SETTLED');
    await daysPass(rig, 1);
    await rig.sandbox.admin('POST', `/merchants/${rig.mchId}/balance`, { amountFen: 1_000 });
    await daysPass(rig, 2);
    await ends(rig, refused.prize, 'FAILED');
    expect(await rig.account(`channel:${rig.mchId}:%`)).toBe(-488);

    await rig.falsify(today, [{ kind: 'drop', outBillNo: lied.billNo }]);
    // The stand-in's money came today, after its opening balance.
    expect(await rig.run(today)).toMatchObject({ state: 'done', matched: 1, waiting: 1, differences: 0 });
    expect(await rig.account(`channel:${rig.mchId}:%`)).toBe(-300);
    await rig.run(addDays(today, 1));
    expect(await rig.open()).toEqual([`missing ${lied.billNo}`]);

    await rig.truth();
    expect(await rig.run(today)).toMatchObject({ matched: 2, differences: 0, confirmed: 1 });
    expect(await rig.open()).toEqual([]);
    expect(await rig.incidents()).toEqual([]);
    // A clean day: clearing is empty, and our copy of the balance is WeChat's.
    expect(await rig.account(`channel:${rig.mchId}:%`)).toBe(0);
    const { balanceFen } = await rig.sandbox.admin<{ balanceFen: number }>('GET', `/merchants/${rig.mchId}/balance`);
    expect(await rig.account(`merchant:${rig.mchId}`)).toBe(balanceFen);
  } finally {
    await rig.close();
  }
});

it('red packets that were taken, and that came back, through the real channel', async () => {
  const rig = await openReconciliation(db, 'redpack_v2');
  try {
    const today = shanghaiDay(new Date());
    const taken = await asked(rig, 200);
    const left = await asked(rig, 300);
    await until('the packet can be taken', async () => {
      const bill = (await rig.sandbox.bills()).find(({ outBillNo }) => outBillNo === taken.billNo);
      return bill?.state === 'SENT';
    });
    await rig.sandbox.admin('POST', `/redpacks/${taken.billNo}/receive`, {});
    await ends(rig, taken.prize, 'SETTLED');
    await daysPass(rig, 3);
    await ends(rig, left.prize, 'FAILED');
    expect(await rig.run(today)).toMatchObject({ matched: 1, waiting: 1, differences: 0 });
    expect(await rig.run(addDays(today, 1))).toMatchObject({ returned: 1, differences: 0 });
    expect(await rig.open()).toEqual([]);
    expect(await rig.account(`channel:${rig.mchId}:%`)).toBe(0);
    const { balanceFen } = await rig.sandbox.admin<{ balanceFen: number }>('GET', `/merchants/${rig.mchId}/balance`);
    expect(await rig.account(`merchant:${rig.mchId}`)).toBe(balanceFen);
  } finally {
    await rig.close();
  }
});
