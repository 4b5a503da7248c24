import { addDays, shanghaiDay } from '@app/kernel';
import { openTestDatabase, type TestDatabase } from '@app/testing';
import { openReconciliation, type Planted, type PlantWish, type ReconcileRig } from './reconcile-rig.contract';

const SEED = 20_261_122;
const GOOD = 4_000;
const WRONG = 1_000;
jest.setTimeout(180_000);

let db: TestDatabase;
let rig: ReconcileRig;
beforeAll(async () => {
  db = await openTestDatabase({ own: 'bill_files' });
  // The file of a large day takes its time on a busy machine; a run that waits for it would try again tomorrow.
  rig = await openReconciliation(db, 'transfer_confirm_v3', 30_000);
}, 60_000);
afterAll(async () => {
  await rig?.close();
  await db?.close();
});

/** mulberry32: the same dice for ever. */
function dice(seed: number): (sides: number) => number {
  let state = seed >>> 0;
  return (sides) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
}

interface Lie {
  readonly wish: PlantWish;
  readonly falsify: (bill: Planted) => object[];
  /** What must be found, after the day itself and after the next one. */
  readonly found: (bill: Planted) => string;
  readonly late?: true;
}

const paid = { state: 'SETTLED' } as const;
const failed = { state: 'FAILED', there: 'FAIL' } as const;
const LIES: readonly Lie[] = [
  {
    wish: paid,
    falsify: ({ billNo }) => [{ kind: 'drop', outBillNo: billNo }],
    found: ({ billNo }) => `missing ${billNo}`,
    late: true,
  },
  { wish: { ...paid, there: null }, falsify: () => [], found: ({ billNo }) => `missing ${billNo}`, late: true },
  {
    wish: paid,
    falsify: ({ billNo, amountFen }) => [{ kind: 'amount', outBillNo: billNo, amountFen: amountFen + 1 }],
    found: ({ billNo }) => `amount ${billNo}`,
  },
  {
    wish: paid,
    falsify: ({ billNo }) => [{ kind: 'double', outBillNo: billNo }],
    found: ({ billNo }) => `duplicate ${billNo}`,
  },
  {
    wish: paid,
    falsify: ({ billNo }) => [{ kind: 'returned', outBillNo: billNo }],
    found: ({ billNo }) => `state ${billNo}`,
  },
  {
    wish: failed,
    falsify: ({ billNo, amountFen }) => [{ kind: 'add', outBillNo: billNo, amountFen }],
    found: ({ billNo }) => `state ${billNo}`,
  },
  {
    wish: { ...failed, laterOffer: true },
    falsify: ({ billNo, amountFen }) => [{ kind: 'add', outBillNo: billNo, amountFen }],
    found: ({ billNo }) => `state ${billNo}`,
  },
  { wish: { state: 'FAILED', there: 'SUCCESS' }, falsify: () => [], found: ({ billNo }) => `state ${billNo}` },
  {
    wish: failed,
    falsify: ({ billNo }) => [{ kind: 'add', outBillNo: `X${billNo.slice(1)}`, amountFen: 300 }],
    found: ({ billNo }) => `extra X${billNo.slice(1)}`,
  },
  {
    wish: failed,
    falsify: ({ billNo }) => [{ kind: 'add', outBillNo: `Z${billNo.slice(1)}`, amountFen: 300, business: '企业付款' }],
    found: ({ billNo }) => `extra Z${billNo.slice(1)}`,
  },
  {
    wish: { state: 'UNKNOWN', there: 'SUCCESS' },
    falsify: () => [],
    found: ({ billNo }) => `state ${billNo}`,
    late: true,
  },
];

it(`finds ${WRONG} seeded discrepancies of every kind among ${GOOD} good rows, and not one more`, async () => {
  const roll = dice(SEED);
  const day = addDays(shanghaiDay(new Date()), -60);
  const plan: { wish: PlantWish; lie: Lie | null }[] = [
    ...Array.from({ length: GOOD }, () => ({ wish: { amountFen: 10 + roll(20_000) }, lie: null })),
    ...Array.from({ length: WRONG }, (_, at) => {
      const lie = LIES[at % LIES.length]!;
      return { wish: { ...lie.wish, amountFen: 10 + roll(20_000) }, lie };
    }),
  ];
  for (let at = plan.length - 1; at > 0; at--) {
    const other = roll(at + 1);
    [plan[at], plan[other]] = [plan[other]!, plan[at]!];
  }
  const bills = await rig.plant(
    day,
    plan.map(({ wish }) => wish),
  );
  const lies = plan.flatMap(({ lie }, at) => (lie ? [{ lie, bill: bills[at]! }] : []));
  const falsified = lies.flatMap(({ lie, bill }) => lie.falsify(bill));
  await rig.falsify(day, falsified);
  const expected = (late: boolean): string[] =>
    lies
      .filter(({ lie }) => late || !lie.late)
      .map(({ lie, bill }) => lie.found(bill))
      .sort();

  const first = await rig.run(day);
  expect(first).toMatchObject({ state: 'done', matched: GOOD, differences: expected(false).length });
  expect(await rig.open()).toEqual(expected(false));

  await rig.plant(addDays(day, 1), [{}]);
  expect(await rig.run(addDays(day, 1))).toMatchObject({ state: 'done', matched: 1 });
  expect(await rig.open()).toEqual(expected(true));
  expect(expected(true)).toHaveLength(WRONG);
  expect(await rig.incidents()).toHaveLength(WRONG);

  // Every good row is confirmed, none of the others is.
  const [row] = await db.asOwner.query<{ count: string }[]>(
    "SELECT COUNT(*) AS count FROM ledger_legs WHERE account = ? AND journal_key LIKE 'confirm:%'",
    [`merchant:${rig.mchId}`],
  );
  expect(Number(row!.count)).toBe(GOOD + 1);
});
