import { randomUUID } from 'node:crypto';
import { errorNumber, UnitOfWork } from '@app/database';
import { memberId, Rejected } from '@app/kernel';
import { openTestDatabase, testConfig, type TestDatabase } from '@app/testing';
import { payoutKeyOf } from '../award';
import { MOST_COUPON_LINES } from './coupon-lines';
import { CouponPoolList } from './coupon-pool-list';
import { CouponPools, type CouponTake } from './coupon-pools.repository';
import { CouponVault } from './coupon-vault';
import { CreateCouponPool } from './create-coupon-pool';
import { ImportCoupons } from './import-coupons';

const vault = new CouponVault(testConfig());
const pools = new CouponPools(vault);
const wonAt = new Date('2026-11-03T11:42:10Z');

let db: TestDatabase;
let unitOfWork: UnitOfWork;
let list: CouponPoolList;
let imports: ImportCoupons;
let batch = Number(process.hrtime.bigint() % 4_000_000n);
beforeAll(async () => {
  db = await openTestDatabase({ poolSize: 24 });
  unitOfWork = db.unitOfWork;
  list = new CouponPoolList(db.database);
  imports = new ImportCoupons(unitOfWork, vault, list);
}, 60_000);
afterAll(() => db.close());
jest.setTimeout(60_000);

const newPool = (lowMark = 2): Promise<number> =>
  unitOfWork.run((tx) => new CreateCouponPool().run(tx, { name: `券 ${randomUUID()}`, lowMark, by: 1 }));
const codes = (count: number): string[] => Array.from({ length: count }, (_, i) => `TEA-${String(i).padStart(6, '0')}`);
const fill = (poolId: number, lines: readonly string[], importKey: string = randomUUID()) =>
  imports.run({ poolId, importKey, lines, by: 1 });
async function filledPool(count: number): Promise<number> {
  const poolId = await newPool();
  await fill(poolId, codes(count));
  return poolId;
}
/** Awards of a batch of their own, so that no two tests meet. */
function awards(count: number, poolId: number): CouponTake[] {
  const own = ++batch;
  return Array.from({ length: count }, (_, serial) => ({
    ...{ code: { batch: own, layer: 0, serial }, slot: 0, poolId },
    ...{ member: memberId(7), wonAt, validDays: 7 },
  }));
}
const take = (list: readonly CouponTake[]): Promise<boolean> => unitOfWork.run((tx) => pools.take(tx, list));
const left = async (poolId: number) => (await pools.left(db.database, [poolId])).get(poolId);
const refusal = async (work: Promise<unknown>) => {
  const error = await work.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Rejected);
  return [(error as Rejected).code, (error as Rejected).status];
};

describe('a pool of coupons', () => {
  it('gives codes in the order of their import, each with the end of its last day in Shanghai', async () => {
    const poolId = await filledPool(3);
    const [one, two] = awards(2, poolId);
    expect(await take([one!, two!])).toBe(true);
    expect(await left(poolId)).toBe(1);
    const given = await pools.codesOf(db.database, [one!, two!, ...awards(1, poolId)]);
    const end = new Date('2026-11-10T16:00:00.000Z');
    expect(given).toEqual(
      new Map([
        [payoutKeyOf(one!), { code: 'TEA-000000', validUntil: end }],
        [payoutKeyOf(two!), { code: 'TEA-000001', validUntil: end }],
      ]),
    );
  });

  it('takes nothing when one of several pools is short, or does not exist', async () => {
    const [full, short] = [await filledPool(5), await filledPool(1)];
    expect(await take([...awards(2, full), ...awards(2, short)])).toBe(false);
    expect(await take([...awards(1, full), ...awards(1, 4_000_000_000)])).toBe(false);
    expect([await left(full), await left(short), await left(4_000_000_000)]).toEqual([5, 1, 0]);
    expect(await take([])).toBe(true);
  });

  it('I13 is neither oversold nor undersold by many transactions at once, some of which roll back', async () => {
    const poolId = await filledPool(60);
    const takers = Array.from({ length: 40 }, (_, index) => ({ group: awards(1 + (index % 3), poolId), index }));
    const outcomes = await Promise.all(
      takers.map(({ group, index }) =>
        unitOfWork
          .run(async (tx) => {
            const fits = await pools.take(tx, group);
            if (fits && index % 5 === 0) throw new Error('changed my mind');
            return fits ? group.length : 0;
          })
          .catch(() => 0),
      ),
    );
    // What rolled back is there again: those that were refused too early try once more, one code at a time.
    let sold = outcomes.reduce((sum, count) => sum + count, 0);
    for (let more = true; more; sold += more ? 1 : 0) more = await take(awards(1, poolId));
    expect(sold).toBe(60);
    expect(await left(poolId)).toBe(0);
    const [row] = await db.database.query<{ rows: string; positions: string }>(
      'SELECT COUNT(*) AS `rows`, COUNT(DISTINCT position) AS positions FROM award_coupons WHERE pool_id = ?',
      [poolId],
    );
    expect([Number(row!.rows), Number(row!.positions)]).toEqual([60, 60]);
  });

  it('is locked in one order, so that transactions over the same pools never stop each other', async () => {
    const [one, other] = [await filledPool(40), await filledPool(40)];
    const both = (first: number, second: number) => take([...awards(1, first), ...awards(1, second)]);
    const all = await Promise.all(Array.from({ length: 40 }, (_, i) => (i % 2 ? both(one, other) : both(other, one))));
    expect(all.every(Boolean)).toBe(true);
    expect([await left(one), await left(other)]).toEqual([0, 0]);
  });

  it('does not wait for an import that is running', async () => {
    const poolId = await filledPool(3);
    await unitOfWork.run(async (tx) => {
      await tx.query('SELECT filled FROM coupon_pools WHERE id = ? FOR UPDATE', [poolId]);
      expect(await take(awards(1, poolId))).toBe(true);
    });
  });

  it('shows when it is low', async () => {
    const poolId = await filledPool(3);
    expect(await list.one(poolId)).toMatchObject({ total: 3, taken: 0, left: 3, lowMark: 2, low: false });
    await take(awards(1, poolId));
    expect(await list.one(poolId)).toMatchObject({ taken: 1, left: 2, low: true });
    const page = await list.page({ limit: 1 });
    expect(page.items).toHaveLength(1);
    expect((await list.page({ limit: 1, cursor: page.nextCursor })).items[0]!.id).toBeLessThan(page.items[0]!.id);
    expect(await refusal(list.one(4_000_000_000))).toEqual(['no_such_pool', 404]);
  });

  it('has a name of its own', async () => {
    const name = `券 ${randomUUID()}`;
    const make = () => unitOfWork.run((tx) => new CreateCouponPool().run(tx, { name, lowMark: 0, by: null }));
    await make();
    expect(await refusal(make())).toEqual(['pool_name_taken', 409]);
  });

  it('I23 keeps no code in clear, and gives the app no right to change one', async () => {
    const poolId = await newPool();
    await fill(poolId, ['CANARY-7731-SECRET']);
    const [row] = await db.database.query<{ sealed: Buffer; blind: Buffer }>(
      'SELECT code_sealed AS sealed, blind FROM coupon_codes WHERE pool_id = ?',
      [poolId],
    );
    expect(row!.sealed.includes('CANARY')).toBe(false);
    expect(vault.open(row!.sealed, poolId, 0)).toBe('CANARY-7731-SECRET');
    for (const sql of [
      'UPDATE coupon_codes SET position = 0',
      'DELETE FROM coupon_codes',
      'DELETE FROM award_coupons',
    ]) {
      expect(errorNumber(await db.database.query(sql).catch((error: unknown) => error))).toBe(1142);
    }
  });
});

describe('an import', () => {
  it('tells of every line what became of it', async () => {
    const poolId = await filledPool(2);
    const lines = [
      'NEW-0001',
      ' TEA-000001 ',
      '',
      'NEW-0001',
      'short',
      '有中文的券码',
      `x${'y'.repeat(64)}`,
      'NEW-0002',
    ];
    const report = await fill(poolId, lines);
    expect(report).toMatchObject({ lines: 8, doneLines: 8, accepted: 2, duplicates: 2, bad: 3, blank: 1 });
    expect(report.finishedAt).toBeInstanceOf(Date);
    expect(report.faults).toEqual([
      { line: 2, fault: 'known' },
      { line: 4, fault: 'repeated' },
      { line: 5, fault: 'bad' },
      { line: 6, fault: 'bad' },
      { line: 7, fault: 'bad' },
    ]);
    expect(await left(poolId)).toBe(4);
  });

  it('knows a repeated line across its own chunks', async () => {
    const poolId = await newPool();
    const lines = [...codes(1200), 'TEA-000003', 'TEA-001199'];
    const report = await fill(poolId, lines);
    expect(report).toMatchObject({ accepted: 1200, duplicates: 2, bad: 0 });
    expect(report.faults).toEqual([
      { line: 1201, fault: 'repeated' },
      { line: 1202, fault: 'repeated' },
    ]);
  });

  it('sent again changes nothing and reports the same; the key cannot be used for other lines', async () => {
    const poolId = await newPool();
    const key = randomUUID();
    const first = await fill(poolId, codes(700), key);
    expect(await fill(poolId, codes(700), key)).toEqual(first);
    expect(await left(poolId)).toBe(700);
    expect(await refusal(fill(poolId, codes(701), key))).toEqual(['import_key_used', 409]);
    expect((await list.one(poolId)).imports).toHaveLength(1);
  });

  it('goes on where it was cut off', async () => {
    const poolId = await newPool();
    const key = randomUUID();
    const runs = unitOfWork.run.bind(unitOfWork);
    let allowed = 3; // The beginning and two chunks.
    const cut = { run: (work: never) => (allowed-- > 0 ? runs(work) : Promise.reject(new Error('killed'))) };
    const dying = new ImportCoupons(cut as unknown as UnitOfWork, vault, list);
    await expect(dying.run({ poolId, importKey: key, lines: codes(1700), by: 1 })).rejects.toThrow('killed');
    expect((await list.one(poolId)).imports[0]).toMatchObject({ doneLines: 1000, accepted: 1000, finishedAt: null });
    expect(await left(poolId)).toBe(1000);
    expect(await fill(poolId, codes(1700), key)).toMatchObject({ doneLines: 1700, accepted: 1700, duplicates: 0 });
    expect(await left(poolId)).toBe(1700);
  });

  it('twice at once, or two overlapping ones at once, stores every code once', async () => {
    const poolId = await newPool();
    const key = randomUUID();
    const reports = await Promise.all([
      fill(poolId, codes(1500), key),
      fill(poolId, codes(1500), key),
      fill(poolId, codes(900)),
    ]);
    expect(await left(poolId)).toBe(1500);
    expect(reports[0]).toEqual(reports[1]);
    expect(reports[0]!.accepted + reports[2]!.accepted).toBe(1500);
    const [row] = await db.database.query<{ most: number; rows: string }>(
      'SELECT MAX(position) AS most, COUNT(*) AS `rows` FROM coupon_codes WHERE pool_id = ?',
      [poolId],
    );
    expect([row!.most, Number(row!.rows)]).toEqual([1499, 1500]);
  });

  it('refuses what it cannot work on', async () => {
    const poolId = await newPool();
    expect(await refusal(fill(poolId, codes(1), 'kurz'))).toEqual(['bad_import_key', 400]);
    expect(await refusal(fill(poolId, codes(1), '有中文的导入编号'))).toEqual(['bad_import_key', 400]);
    expect(await refusal(fill(poolId, []))).toEqual(['no_lines', 400]);
    expect(await refusal(fill(poolId, codes(MOST_COUPON_LINES + 1)))).toEqual(['too_many_lines', 413]);
    expect(await refusal(fill(4_000_000_000, codes(1)))).toEqual(['no_such_pool', 404]);
    expect((await list.one(poolId)).imports).toEqual([]);
  });
});
