import fc from 'fast-check';
import { fen, memberId, type ScanId } from '@app/kernel';
import type { AwardRow } from '../award';
import { isClaimable, openPoolsOf, poolKeyOf, readPoolKey, type Gathering } from './pool';
import { GATHERS_BELOW_FEN, gathersUntil, MOST_AWARDS_IN_A_POOL } from './pooling';

const amount = fc.integer({ min: 0, max: 30_000 });
const floor = fc.constantFrom(1, 10, 100);
const mode = fc.oneof(
  fc.constant({ mode: 'instant' } as const),
  fc.record({ mode: fc.constant('pooled' as const), untilFen: fc.integer({ min: 1, max: 500 }) }),
);

describe('what gathers', () => {
  it('is money below what the campaign or the channel asks for, and nothing of a yuan or more', () => {
    fc.assert(
      fc.property(amount, mode, floor, (amountFen, payout, floorFen) => {
        const until = gathersUntil(amountFen, payout, floorFen);
        if (until === null) return amountFen === 0 || amountFen >= floorFen;
        return amountFen < until && until >= floorFen && until <= GATHERS_BELOW_FEN;
      }),
    );
  });

  it.each([
    [88, { mode: 'instant' }, 10, null],
    [5, { mode: 'instant' }, 10, 10],
    [88, { mode: 'instant' }, 100, 100],
    [88, { mode: 'pooled', untilFen: 100 }, 10, 100],
    [100, { mode: 'pooled', untilFen: 100 }, 10, null],
    [5, { mode: 'pooled', untilFen: 3 }, 10, 10],
    [0, { mode: 'pooled', untilFen: 100 }, 10, null],
  ] as const)('%d fen, %p, floor %d → %p', (amountFen, payout, floorFen, until) => {
    expect(gathersUntil(amountFen, payout, floorFen)).toBe(until);
  });

  it('makes pools that one payment carries, however many there are', () => {
    expect(MOST_AWARDS_IN_A_POOL * (GATHERS_BELOW_FEN - 1)).toBeLessThanOrEqual(20_000);
  });
});

describe('the key of a pool', () => {
  const place = fc.record({
    member: fc.integer({ min: 1, max: 2 ** 52 - 1 }).map(memberId),
    campaignId: fc.integer({ min: 1, max: 999_999 }),
    budgetId: fc.integer({ min: 1, max: 999_999 }),
    ordinal: fc.integer({ min: 1, max: 65_535 }),
  });

  it('is read back, fits the column, and is no key of an award', () => {
    fc.assert(
      fc.property(place, (one) => {
        const key = poolKeyOf(one);
        expect(readPoolKey(key)).toEqual(one);
        expect(key).toMatch(/^p[0-9:]{1,39}$/);
      }),
    );
    for (const text of ['', '1:0:5:0', 'p1:2:3', 'p1:2:3:0', 'p01:2:3:4', 'p1:2:3:4 ', 'px:1:2:3', 'p0:1:1:1']) {
      expect(readPoolKey(text)).toBeNull();
    }
  });
});

describe('open pools', () => {
  const member = memberId(7);
  const gathering = fc
    .array(
      fc.record({
        amountFen: fc.integer({ min: 1, max: 99 }),
        campaignId: fc.integer({ min: 1, max: 3 }),
        budgetId: fc.integer({ min: 1, max: 2 }),
        age: fc.integer({ min: 0, max: 5 }),
        more: fc.integer({ min: 1, max: 50 }),
      }),
      { maxLength: 40 },
    )
    .map((all) =>
      all.map(({ amountFen, campaignId, budgetId, age, more }, serial): Gathering => {
        const award: AwardRow = {
          ...{
            code: { batch: 1, layer: 0, serial },
            slot: 0,
            member,
            scanId: 'x' as ScanId,
            campaignId,
            versionId: age + 1,
          },
          ...{
            ruleKey: 'all',
            prizeKey: 'cash',
            prizeKind: 'cash',
            prizeName: '红包',
            amountFen: fen(amountFen),
            budgetId,
          },
          wonAt: new Date(age),
        };
        return { award, untilFen: fen(amountFen + more) };
      }),
    );

  it('hold each award at most once, add up to the fen, and take the oldest first', () => {
    fc.assert(
      fc.property(gathering, fc.integer({ min: 1, max: 20 }), (all, most) => {
        const pools = openPoolsOf(member, all, new Map([['1:1', 4]]), most);
        const held = pools.flatMap(({ awards }) => awards.map(({ code }) => code.serial));
        expect(new Set(held).size).toBe(held.length);
        expect(new Set(pools.map(({ payoutKey }) => payoutKey)).size).toBe(pools.length);
        for (const pool of pools) {
          expect(pool.awards.length).toBeLessThanOrEqual(most);
          expect(pool.amountFen).toBe(pool.awards.reduce((sum, { amountFen }) => sum + amountFen, 0));
          expect(pool.ordinal).toBe(pool.campaignId === 1 && pool.budgetId === 1 ? 5 : 1);
          const same = all.filter(
            ({ award }) => award.campaignId === pool.campaignId && award.budgetId === pool.budgetId,
          );
          const left = same.filter(({ award }) => !pool.awards.includes(award));
          expect(left.length).toBe(Math.max(0, same.length - most));
          const newest = Math.max(...pool.awards.map(({ wonAt }) => wonAt.getTime()));
          expect(left.every(({ award }) => award.wonAt.getTime() >= newest)).toBe(true);
          const promises = same.filter(({ award }) => pool.awards.includes(award)).map(({ untilFen }) => untilFen);
          expect(pool.untilFen).toBe(Math.min(...promises));
          expect(isClaimable(pool)).toBe(promises.some((until) => pool.amountFen >= until));
        }
      }),
    );
  });
});
