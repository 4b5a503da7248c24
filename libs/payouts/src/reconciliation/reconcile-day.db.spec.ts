import { addDays, shanghaiDay } from '@app/kernel';
import { openTestDatabase, type TestDatabase } from '@app/testing';
import { ReconciliationSchedule as Schedule } from './reconciliation-schedule';
import { ReconciliationViews as Views } from './reconciliation-views';
import { openReconciliation, type PlantWish, type ReconcileRig } from './reconcile-rig.contract';

const SETUP_MS = 60_000;
jest.setTimeout(60_000);

let db: TestDatabase;
let rig: ReconcileRig;
beforeAll(async () => {
  db = await openTestDatabase({ own: 'bill_files' });
  rig = await openReconciliation(db);
}, SETUP_MS);
afterAll(async () => {
  await rig?.close();
  await db?.close();
});
afterEach(() => rig.truth());

/** A day of its own for each test, in order, with a free one between. */
let used = 69;
const nextDay = (): string => addDays(shanghaiDay(new Date()), -(used -= 3));
const good = (count: number): PlantWish[] => Array.from({ length: count }, (_, at) => ({ amountFen: 100 + at }));

describe('a day of the channel laid beside our books', () => {
  it('finds nothing wrong with what is right, confirms it once, and does the same again', async () => {
    const day = nextDay();
    const bills = await rig.plant(day, good(40));
    const fen = bills.reduce((sum, { amountFen }) => sum + amountFen, 0);
    const first = await rig.run(day);
    expect(first).toMatchObject({
      ...{ state: 'done', progress: 1, matched: 40, returned: 0, waiting: 0, differences: 0, confirmed: 40 },
      ...{ rowsOurs: 40, rowsTotal: 41, paidFen: fen, returnedFen: 0, movedFen: fen },
    });
    expect(await rig.account(`channel:${rig.mchId}:%`)).toBe(fen);
    const again = await rig.run(day);
    expect(again).toMatchObject({
      state: 'done',
      runNo: 2,
      matched: 40,
      differences: 0,
      confirmed: 40,
      fileHash: first.fileHash,
    });
    expect(await rig.account(`channel:${rig.mchId}:%`)).toBe(fen);
    expect(await rig.open()).toEqual([]);
    expect(await rig.incidents()).toEqual([]);
  });

  it('finds every kind of lie, names each once, and finds each gone when the file is put right', async () => {
    const day = nextDay();
    const bills = await rig.plant(day, [
      ...good(20),
      { there: 'FAIL', state: 'FAILED' },
      { there: 'FAIL', state: 'FAILED', laterOffer: true },
      { there: 'SUCCESS', state: 'FAILED' },
      { there: 'SUCCESS', state: 'UNKNOWN' },
    ]);
    const no = (index: number): string => bills[index]!.billNo;
    await rig.falsify(day, [
      { kind: 'drop', outBillNo: no(0) },
      { kind: 'amount', outBillNo: no(1), amountFen: 99 },
      { kind: 'double', outBillNo: no(2) },
      { kind: 'returned', outBillNo: no(3) },
      { kind: 'add', outBillNo: 'Y00000000000000000000NOT0RS', amountFen: 500 },
      { kind: 'add', outBillNo: no(20), amountFen: 188 },
      { kind: 'add', outBillNo: no(21), amountFen: 188 },
    ]);
    const run = await rig.run(day);
    const found = [
      `amount ${no(1)}`,
      `duplicate ${no(2)}`,
      `extra Y00000000000000000000NOT0RS`,
      ...[no(3), no(20), no(21), no(22)].map((billNo) => `state ${billNo}`),
    ].sort();
    expect(await rig.open()).toEqual(found);
    expect(await rig.incidents()).toEqual(found.map((name) => `bill_${name}`).sort());
    // The dropped one may still come tomorrow; the unknown one is asked about.
    expect(run).toMatchObject({ state: 'done', matched: 16, waiting: 2, differences: 7 });

    await rig.plant(addDays(day, 1), good(1));
    await rig.run(addDays(day, 1));
    // What we hold paid and the file does not is asked about, once; what we hold failed is for people.
    const askedAbout = async (index: number) =>
      (
        await db.database.query("SELECT id FROM outbox WHERE job = 'payouts.ask-about-bill' AND payload LIKE ?", [
          `%${no(index)}%`,
        ])
      ).length;
    expect([await askedAbout(3), await askedAbout(22), await askedAbout(0)]).toEqual([1, 0, 0]);
    await rig.run(day);
    expect(await askedAbout(3)).toBe(1);
    const late = [...found, `missing ${no(0)}`, `state ${no(23)}`].sort();
    expect(await rig.open()).toEqual(late);
    expect(await rig.incidents()).toEqual(late.map((name) => `bill_${name}`).sort());

    // The same again: nothing is raised twice, nothing is forgotten.
    await rig.run(day);
    await rig.run(addDays(day, 1));
    expect(await rig.open()).toEqual(late);
    expect(await rig.incidents()).toEqual(late.map((name) => `bill_${name}`).sort());

    await rig.truth();
    await rig.run(day);
    expect(await rig.open()).toEqual([`state ${no(22)}`, `state ${no(23)}`].sort());
    expect(await rig.incidents()).toEqual([`bill_state ${no(22)}`, `bill_state ${no(23)}`].sort());
    expect(await rig.payouts.get(Views).one({ mchId: rig.mchId, day })).toMatchObject({ matched: 20 });
  });

  it('does not stumble over midnight', async () => {
    const day = nextDay();
    const next = addDays(day, 1);
    const edges = await rig.plant(day, [
      // We wrote it down before midnight, WeChat after; and the other way round.
      { at: '23:59:59', settledDay: day, thereDay: next },
      { at: '00:00:01', settledDay: next, thereDay: day },
      { at: '23:59:59' },
      { at: '00:00:00' },
    ]);
    const before = await rig.open();
    expect(await rig.run(day)).toMatchObject({ matched: 3, waiting: 1, differences: 0 });
    expect(await rig.run(next)).toMatchObject({ matched: 2, waiting: 0, differences: 0 });
    await rig.run(addDays(day, 2));
    expect(await rig.open()).toEqual(before);
    const [row] = await db.asOwner.query<{ count: string }[]>(
      'SELECT COUNT(*) AS count FROM ledger_journals WHERE journal_key IN (?)',
      [edges.map(({ billNo }) => `confirm:${billNo}`)],
    );
    expect(Number(row!.count)).toBe(4);
  });

  it('follows red packets over days: sent, taken later, or back', async () => {
    const day = nextDay();
    const next = addDays(day, 1);
    const redpack = 'redpack_v2' as const;
    const packets = await rig.plant(day, [
      { channel: redpack, there: 'RECEIVED', settledDay: next, amountFen: 200 },
      { channel: redpack, there: 'REFUND', state: 'FAILED', amountFen: 200 },
      { channel: redpack, there: 'REFUND', state: 'REFUNDED', amountFen: 200 },
      { channel: redpack, there: 'SENT', state: 'WAIT_USER', amountFen: 200 },
    ]);
    const before = await rig.open();
    expect(await rig.run(day)).toMatchObject({ returned: 2, differences: 0 });
    await rig.plant(next, good(1));
    await rig.run(next);
    expect((await rig.open()).filter((name) => !before.includes(name))).toEqual([]);
    expect(await rig.account(`channel:${rig.mchId}:redpack_v2`)).toBe(200);
    const verdicts = await db.asOwner.query<{ bill_no: Buffer; verdict: Buffer }[]>(
      'SELECT bill_no, verdict FROM channel_rows WHERE mch_id = ? AND day = ?',
      [rig.mchId, day],
    );
    const of = (index: number): string[] =>
      verdicts.filter((row) => row.bill_no.toString() === packets[index]!.billNo).map((row) => row.verdict.toString());
    expect([of(0), of(1), of(2), of(3)]).toEqual([
      ['booked'],
      ['returned', 'returned'],
      ['returned', 'returned'],
      ['waiting'],
    ]);
  });

  it('uses nothing of a file that is spoiled, says so once, and forgets it when the file is good', async () => {
    const day = nextDay();
    const bills = await rig.plant(day, good(5));
    const before = await rig.account(`channel:${rig.mchId}:%`);
    for (const kind of ['header', 'totals', 'cut', 'hash']) {
      await rig.truth();
      await rig.falsify(day, [{ kind }]);
      expect(await rig.run(day)).toMatchObject({ state: 'failed', matched: 0, confirmed: 0 });
      expect((await rig.incidents()).filter((name) => name.startsWith('bill_file'))).toHaveLength(1);
      expect(await rig.account(`channel:${rig.mchId}:%`)).toBe(before);
    }
    await rig.truth();
    expect(await rig.run(day)).toMatchObject({ state: 'done', matched: 5, confirmed: 5 });
    const differing = await rig.open();
    expect(bills.filter(({ billNo }) => differing.some((name) => name.endsWith(billNo)))).toEqual([]);
    expect((await rig.incidents()).filter((name) => name.startsWith('bill_file'))).toEqual([]);
  });

  it.each(['timeout_before_commit', 'system_error', 'truncated_body', 'bad_signature', 'wrong_serial', 'unknown_code'])(
    'waits or fails, and confirms nothing, when WeChat answers with %s; the next try is whole',
    async (kind) => {
      const day = nextDay();
      await rig.plant(day, good(2));
      await rig.sandbox.fault({ scope: 'bill.apply', kind, next: 1 });
      expect(['waiting', 'failed']).toContain((await rig.run(day)).state);
      await rig.sandbox.noFaults();
      expect(await rig.run(day)).toMatchObject({ state: 'done', matched: 2, confirmed: 2 });
    },
  );

  it('shows the days and their differences page by page, and as a file that spreadsheets read', async () => {
    const day = nextDay();
    const bills = await rig.plant(day, good(6));
    const falsify = bills.slice(0, 3).map(({ billNo }) => ({ kind: 'double', outBillNo: billNo }));
    await rig.falsify(day, [...falsify, { kind: 'add', outBillNo: '=1+1', amountFen: 7 }]);
    await rig.run(day);
    const views = rig.payouts.get(Views);
    const key = { mchId: rig.mchId, day };
    const first = await views.differences(key, { limit: 3 });
    const rest = await views.differences(key, { limit: 3, cursor: first.nextCursor });
    expect([first.items.length, rest.items.length, rest.nextCursor]).toEqual([3, 1, null]);
    let csv = '';
    for await (const piece of views.csv(key)) csv += piece;
    const lines = csv.split('\r\n');
    expect(lines).toHaveLength(6);
    expect(lines.filter((line) => line.startsWith('重复付款,Y'))).toHaveLength(3);
    expect(csv).toContain(`账单多出,'=1+1,${day},,,,0.07,0.00,1,`);
    const days: string[] = [];
    for (let cursor: string | null = null; ;) {
      const page = await views.list({ limit: 2, cursor });
      days.push(...page.items.filter(({ mchId }) => mchId === rig.mchId).map((run) => run.day));
      cursor = page.nextCursor;
      if (cursor === null) break;
    }
    expect(days).toContain(day);
    expect(days).toEqual([...new Set(days)].sort().reverse());
  });

  it('starts a day when somebody asks, and refuses what cannot be', async () => {
    const { unitOfWork } = rig.payouts;
    const views = rig.payouts.get(Views);
    const today = shanghaiDay(new Date());
    const start = (mchId: string, day: string) => unitOfWork.run((tx) => views.start(tx, { mchId, day }, 1));
    await expect(start('nobody', today)).rejects.toMatchObject({ code: 'no_merchant' });
    await expect(start(rig.mchId, addDays(today, 1))).rejects.toMatchObject({ code: 'day_out_of_range' });
    await expect(start(rig.mchId, addDays(today, -91))).rejects.toMatchObject({ code: 'day_out_of_range' });
    await expect(start(rig.mchId, '2026-02-30')).rejects.toMatchObject({ code: 'bad_day' });
    await expect(views.one({ mchId: rig.mchId, day: '2001-01-01' })).rejects.toMatchObject({ code: 'no_run' });
    const day = nextDay();
    await start(rig.mchId, day);
    await start(rig.mchId, day);
    expect(await views.one({ mchId: rig.mchId, day })).toMatchObject({ state: 'queued', progress: 0, runNo: 0 });
    // The worker's tick takes it up, and every day since the first payout that nobody went through.
    await rig.payouts.get(Schedule).tick();
    expect(await views.one({ mchId: rig.mchId, day })).toMatchObject({ state: 'done', runNo: 1 });
    const yesterday = addDays(shanghaiDay(new Date(Date.now() - 10.2 * 3_600_000)), -1);
    expect(await views.one({ mchId: rig.mchId, day: yesterday })).toMatchObject({ state: 'done' });
  });

  it('asks who got the money, since the file does not say', async () => {
    const day = nextDay();
    const thief = await rig.sandbox.addUser('thief');
    const [stolen] = await rig.plant(day, [{ thereOpenid: thief }, ...good(4)]);
    // WeChat answers such questions for thirty days.
    expect((await rig.run(day)).payeesAsked).toBe(5);
    expect(await rig.open()).toContain(`payee ${stolen!.billNo}`);
    expect(await rig.incidents()).toContain(`bill_payee ${stolen!.billNo}`);
    await rig.run(day);
    expect((await rig.open()).filter((name) => name.startsWith('payee'))).toHaveLength(1);
  });

  it('says of a quiet day that it was quiet, and of today that it must wait', async () => {
    expect(await rig.run(nextDay())).toMatchObject({ state: 'done', rowsTotal: 0, fileHash: null, differences: 0 });
    const today = await rig.run(shanghaiDay(new Date()));
    expect(today).toMatchObject({ state: 'waiting', confirmed: 0 });
  });
});
