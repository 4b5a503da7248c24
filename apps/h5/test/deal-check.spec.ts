import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { dealCommitment, dealPosition, dealText, type DealtTable } from '@app/campaigns';
import { countDeal } from '../src/notice/count-deal';
import { commitmentOf, DealOrder, prizeAt, tableText } from '../src/notice/deal-check';
import { bottleFinding, countFinding, sealFindings } from '../src/notice/deal-words';
import type { Deal } from '../src/shell/wire';

const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));

/** What the server dealt, as the page is told of it once it is open. */
function opened(table: Pick<DealtTable, 'segment' | 'prizes'>, seed: Buffer): Deal & { seed: string } {
  return {
    ...{ ruleKey: 'dealt', ruleName: '预埋', segment: table.segment, text: dealText(table) },
    prizes: table.prizes.map(({ key, count }) => ({ key, count, name: key.toUpperCase() })),
    commitment: dealCommitment(seed, table).toString('hex'),
    ...{ publishedAt: '2026-06-01T00:00:00Z', openedAt: '2026-09-01T00:00:00Z', seed: seed.toString('hex') },
  };
}
const TABLE: Pick<DealtTable, 'segment' | 'prizes'> = {
  segment: { batch: 7, layer: 1, from: 40, to: 1240 },
  prizes: [
    { key: 'big', count: 3 },
    { key: 'small', count: 397 },
    { key: 'thanks', count: 800 },
  ],
};
const SEED = Buffer.alloc(32, 7);

describe('the phone’s own arithmetic', () => {
  it('puts every code where the server put it, for any seed and any number of codes', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 400 }), (seed, n) => {
        const order = new DealOrder(seed.toString('hex'), n);
        for (let index = 0; index < n; index++) expect(order.position(index)).toBe(dealPosition(seed, n, index));
      }),
      { numRuns: 40 },
    );
  });

  it('agrees at the widest deal too', () => {
    const [seed, n] = [randomBytes(32), 2 ** 30];
    const order = new DealOrder(seed.toString('hex'), n);
    for (const index of [0, 1, 12_345_678, n - 1]) expect(order.position(index)).toBe(dealPosition(seed, n, index));
  });

  it('seals as the server sealed', () => {
    const segments = fc
      .record({ batch: fc.nat(99), layer: fc.nat(15), from: fc.nat(500), n: fc.integer({ min: 1, max: 900 }) })
      .map(({ batch, layer, from, n }) => ({ batch, layer, from, to: from + n }));
    const prizes = fc.array(fc.record({ key: fc.stringMatching(/^[a-z0-9_-]{1,12}$/), count: fc.nat(9999) }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(seeds, segments, prizes, (seed, segment, table) => {
        const text = dealText({ segment, prizes: table });
        expect(tableText({ segment, prizes: table })).toBe(text);
        expect(commitmentOf(seed.toString('hex'), text)).toBe(
          dealCommitment(seed, { segment, prizes: table }).toString('hex'),
        );
      }),
    );
  });

  it('gives the prizes in their order, and none beyond the last', () => {
    expect([0, 2, 3, 399, 400, 1199].map((at) => prizeAt(TABLE.prizes, at))).toEqual([
      ...['big', 'big', 'small', 'small', 'thanks', 'thanks'],
    ]);
    expect(prizeAt(TABLE.prizes, 1200)).toBeNull();
  });
});

describe('what a check says', () => {
  const deal = opened(TABLE, SEED);
  const otherSeed = Buffer.alloc(32, 8).toString('hex');
  const agreed = (deals: Deal, seed: string): boolean[] => sealFindings(deals, seed).map(({ agrees }) => agrees);

  it('finds an honest deal sound, and says so in words', () => {
    expect(agreed(deal, deal.seed)).toEqual([true, true]);
    expect(sealFindings(deal, deal.seed)[0]?.text).toContain('一字不差');
  });

  it('finds another seed, another sealed table and another shown table', () => {
    expect(agreed(deal, otherSeed)).toEqual([false, true]);
    expect(sealFindings(deal, otherSeed)[0]?.text).toContain('对不上');
    const moved = deal.prizes.map((prize, index) => ({ ...prize, count: prize.count + [-1, 1, 0][index]! }));
    expect(agreed({ ...deal, prizes: moved }, deal.seed)).toEqual([true, false]);
    expect(agreed({ ...deal, prizes: moved, text: tableText({ ...deal, prizes: moved }) }, deal.seed)).toEqual([
      ...[false, true],
    ]);
  });

  it('lays out one’s own bottle: the prize that was given, or 对不上', () => {
    const serial = 40 + 77;
    const key = prizeAt(TABLE.prizes, dealPosition(SEED, 1200, 77))!;
    const mine = { awardId: 'W', ruleKey: 'dealt', serial, prizeKey: key, prizeName: key, wonAt: '' };
    expect(bottleFinding(deal, deal.seed, mine)).toMatchObject({ agrees: true });
    expect(bottleFinding(deal, deal.seed, mine).text).toContain('第 78 瓶');
    for (const wrong of [
      { ...mine, prizeKey: key === 'big' ? 'small' : 'big' },
      { ...mine, serial: 39 },
    ]) {
      const finding = bottleFinding(deal, deal.seed, wrong);
      expect([finding.agrees, finding.text.includes('对不上')]).toEqual([false, true]);
    }
  });

  it('counts every code once, tells how far it is, and stops when told to', async () => {
    const seen: number[] = [];
    const counted = await countDeal(
      deal.seed,
      deal,
      (done) => seen.push(done),
      () => false,
    );
    expect(counted).toEqual({ counts: [3, 397, 800], shared: 0 });
    expect(seen.at(-1)).toBe(1200);
    expect(countFinding(deal, counted!)).toMatchObject({ agrees: true });
    expect(countFinding(deal, { counts: [2, 398, 800], shared: 0 }).text).toContain('对不上');
    expect(countFinding(deal, { counts: [3, 397, 800], shared: 4 })).toMatchObject({ agrees: false });
    let asked = 0;
    const stopped = await countDeal(
      deal.seed,
      { ...deal, segment: { ...deal.segment, to: 200_000 } },
      () => undefined,
      () => ++asked === 2,
    );
    expect([stopped, asked]).toEqual([null, 2]);
  });
});
