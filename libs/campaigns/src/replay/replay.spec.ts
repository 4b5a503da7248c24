import { createHash } from 'node:crypto';
import { campaignTemplate } from '../document/campaign-template';
import type { CampaignContent } from '../document/campaign-content';
import { compileCampaign } from '../compile-campaign';
import { decide } from '../decide';
import { drawsOf } from '../draw';
import type { CompiledVersion, Decision, ScanFacts, Used } from '../decision';
import { ChunkBuilder } from './chunk-builder';
import { atAnyTime, replay, type ReplayOptions } from './replay';
import type { ReplayResult } from './replay-result';
import type { PersonFacts, RecordedScan, ScanChunk } from './scan-chunk';
import { syntheticScans, type SyntheticShape } from './synthetic-scans';

const KEY = createHash('sha256').update('replay spec').digest();
const OPTIONS: ReplayOptions = { keys: { real: KEY, pretended: KEY }, holdMs: 1_800_000 };
const FIRST_DAY = '2026-06-29';

function version(overrides: Partial<CampaignContent>, campaignId = 1): CompiledVersion {
  const content = campaignTemplate('开盖有礼', 9, overrides);
  return compileCampaign({ campaignId, versionId: campaignId * 10, versionNo: 1, contentHash: 'h', content });
}

/** Two campaigns with places, ordinals, stock, caps of every kind of subject and a locked prize: enough to disagree about. */
function rich(): CompiledVersion[] {
  const drawn = (...prizes: [string, number][]) => ({
    mode: 'drawn' as const,
    prizes: prizes.map(([key, odds]) => ({ key, odds })),
    fallbackPrizeKey: 'none',
  });
  const prizes: CampaignContent['prizes'] = [
    { kind: 'cash', key: 'big', name: '大奖', amount: { type: 'fixed', fen: 8_800 }, stock: 7 },
    { kind: 'cash', key: 'some', name: '随机', amount: { type: 'uniform', minFen: 30, maxFen: 300 }, stock: null },
    { kind: 'goods', key: 'cup', name: '杯子', stock: 20, valueFen: 900 },
    { kind: 'nothing', key: 'none', name: '谢谢参与' },
  ];
  const gold = { field: 'tier', op: 'eq', value: 'gold' } as const;
  const anhui = { field: 'region', op: 'within', value: 340_000 } as const;
  const everyThird = { field: 'nthScan', op: 'everyNth', value: 3 } as const;
  const fresh = { field: 'daysSinceLastScan', op: 'lte', value: 2 } as const;
  return [
    version(
      {
        lane: 'regional',
        prizes,
        rules: [
          { key: 'gold', name: '金卡', when: { all: [anhui, gold] }, then: drawn(['big', 20_000], ['some', 980_000]) },
          {
            key: 'third',
            name: '每三',
            when: { all: [anhui, everyThird] },
            then: drawn(['cup', 500_000], ['none', 500_000]),
          },
        ],
        caps: [
          { per: 'region', window: 'day', count: null, fen: 20_000, level: 'city' },
          { per: 'member', window: 'week', count: 9, fen: null },
        ],
      },
      1,
    ),
    version(
      {
        prizes,
        rules: [
          { key: 'fresh', name: '常客', when: fresh, then: drawn(['some', 600_000], ['none', 400_000]) },
          { key: 'all', name: '人人', when: { all: [] }, then: drawn(['some', 100_000], ['none', 900_000]) },
        ],
        caps: [
          { per: 'member', window: 'day', count: 2, fen: 500 },
          { per: 'campaign', window: 'hour', count: 40, fen: null },
        ],
      },
      2,
    ),
  ];
}

const SHAPE: SyntheticShape = {
  ...{ seed: 7, scans: 6_000, firstDay: FIRST_DAY, days: 4, people: 900, repeatShare: 0.15, phoneShare: 0.4 },
  regions: [
    { adcode: 340_100, weight: 0.5 },
    { adcode: 320_000, weight: 0.3 },
  ],
  items: [{ product: 1, productLine: '青柠', batch: 7, layer: 1, quantity: 5_000, weight: 1 }],
};

/**
 * The scans of a shape as they would have been recorded under these versions. Written as plainly as can be, with the luck of
 * `drawsOf` and maps by name: what the replay is held against.
 */
class PlainHistory {
  readonly recorded: RecordedScan[] = [];
  fen = 0;
  wins = 0;
  awards = 0;
  private readonly used = new Map<string, { count: number; fen: number }>();
  private readonly stock = new Map<string, number>();
  private readonly ordinals = new Map<string, number>();
  private readonly lastDay = new Map<number, number>();
  private readonly consumed = new Set<string>();
  private readonly held = new Map<string, { by: number; until: number }>();

  constructor(
    private readonly versions: readonly CompiledVersion[],
    private budget = Number.MAX_SAFE_INTEGER,
  ) {}

  play(chunks: Iterable<ScanChunk>): this {
    for (const chunk of chunks) for (let row = 0; row < chunk.count; row++) this.scan(rowOf(chunk, row));
    return this;
  }

  private scan(scan: RecordedScan & { person: PersonFacts }): void {
    const key = `${scan.code.batch}:${scan.code.layer}:${scan.code.serial}`;
    const hold = this.held.get(key);
    const real = { counted: false, won: false, campaignId: null, amountFen: 0 };
    if (this.consumed.has(key)) return void this.recorded.push({ ...scan, person: null, real });
    if (hold && hold.by !== scan.member && scan.at < hold.until) {
      return void this.recorded.push({ ...scan, person: null, held: true, real });
    }
    const day = Math.floor((scan.at + 8 * 3_600_000) / 86_400_000);
    const nth = (name: string): number => this.ordinals.get(`${scan.member} ${name}`) ?? 0;
    const last = this.lastDay.get(scan.member);
    const standing = {
      ...{ at: scan.at, ever: nth('ever'), day: nth(`day ${day}`) },
      daysSinceLastScan: last === undefined ? null : day - last,
      campaigns: Object.fromEntries(this.versions.map(({ campaignId }) => [campaignId, nth(`campaign ${campaignId}`)])),
    };
    const decision = this.decide(scan, standing);
    this.held.delete(key);
    if (decision.kind === 'refused' && decision.reason === 'place_needed') {
      this.held.set(key, { by: scan.member, until: scan.at + OPTIONS.holdMs });
    }
    if (decision.kind !== 'award') return void this.recorded.push({ ...scan, standing, real });
    const { campaignId, amountFen, prize, counterKeys } = decision;
    this.consumed.add(key);
    for (const name of ['ever', `day ${day}`, `campaign ${campaignId}`]) {
      this.ordinals.set(`${scan.member} ${name}`, nth(name) + 1);
    }
    this.lastDay.set(scan.member, day);
    for (const counter of counterKeys) {
      const before = this.usedOf(campaignId, counter, scan.member);
      this.used.set(this.name(campaignId, counter, scan.member), {
        count: before.count + 1,
        fen: before.fen + amountFen,
      });
    }
    this.stock.set(`${campaignId}:${prize.key}`, (this.stock.get(`${campaignId}:${prize.key}`) ?? 0) + 1);
    this.budget -= amountFen;
    const won = prize.kind !== 'nothing';
    this.fen += amountFen;
    this.awards += 1;
    this.wins += won ? 1 : 0;
    this.recorded.push({ ...scan, standing, real: { counted: true, won, campaignId, amountFen } });
  }

  private decide(
    scan: RecordedScan & { person: PersonFacts },
    standing: NonNullable<RecordedScan['standing']>,
  ): Decision {
    const facts: ScanFacts = {
      ...scan.item,
      ...scan.code,
      region: scan.region,
      member: {
        id: scan.member,
        ...scan.person,
        isNew: standing.ever === 0,
        daysSinceLastScan: standing.daysSinceLastScan,
      },
      firstScanOfCode: scan.firstQuery,
      at: new Date(scan.at),
      nthScan: {
        ever: standing.ever + 1,
        day: standing.day + 1,
        campaign: (id) => (standing.campaigns[id] ?? 0) + 1,
      },
    };
    const state = {
      status: () => 'live' as const,
      used: (campaignId: number, counter: string) => this.usedOf(campaignId, counter, scan.member),
      stockLeft: (campaignId: number, prizeKey: string) => {
        const prize = this.versions
          .find((one) => one.campaignId === campaignId)!
          .content.prizes.find(({ key }) => key === prizeKey)!;
        if (prize.kind === 'nothing' || prize.stock === null) return null;
        return prize.stock - (this.stock.get(`${campaignId}:${prizeKey}`) ?? 0);
      },
      budgetLeft: () => this.budget,
    };
    const { withoutLocation } = scan;
    return decide(this.versions, facts, state, drawsOf(KEY, scan.code), { withoutLocation });
  }

  private usedOf(campaignId: number, counter: string, member: number): Used {
    return this.used.get(this.name(campaignId, counter, member)) ?? { count: 0, fen: 0 };
  }

  private name(campaignId: number, counter: string, member: number): string {
    return `${campaignId} ${counter} ${counter.startsWith('m') ? member : ''}`;
  }
}

function rowOf(chunk: ScanChunk, row: number): RecordedScan & { person: PersonFacts } {
  const adcode = chunk.adcode[row]!;
  return {
    at: chunk.base + chunk.at[row]!,
    member: chunk.members[chunk.member[row]!]!.id,
    code: { ...chunk.runs[chunk.run[row]!]!, serial: chunk.serial[row]! },
    item: chunk.items[chunk.item[row]!]!,
    region: {
      adcode: adcode === 0 ? null : adcode,
      trust: (['unknown', 'disputed', 'claimed', 'ip', 'agreed'] as const)[chunk.trust[row]!]!,
      accuracyM: chunk.accuracyM[row]!,
    },
    person: chunk.persons[chunk.person[row]!]!,
    standing: null,
    held: false,
    firstQuery: (chunk.flags[row]! & 4) !== 0,
    withoutLocation: (chunk.flags[row]! & 8) !== 0,
    real: { counted: false, won: false, campaignId: null, amountFen: 0 },
  };
}

function chunksOf(scans: readonly RecordedScan[], rows = 1_000): ScanChunk[] {
  const chunks: ScanChunk[] = [];
  for (let from = 0; from < scans.length; from += rows) {
    const builder = new ChunkBuilder(rows);
    for (const scan of scans.slice(from, from + rows)) builder.add(scan);
    chunks.push(builder.build());
  }
  return chunks;
}

function history(versions: readonly CompiledVersion[], change: Partial<SyntheticShape> = {}): PlainHistory {
  return new PlainHistory(versions).play(syntheticScans({ ...SHAPE, ...change }));
}

function expectAsItWas(result: ReplayResult, { awards, wins, fen }: PlainHistory): void {
  expect(result.replayed).toMatchObject({ awards, wins, fen });
  expect(result.real).toEqual(result.replayed);
  expect(result.winners).toEqual({ gainedScans: 0, lostScans: 0, gainedMembers: 0, lostMembers: 0 });
  expect(result.differences).toEqual([]);
}

describe('replay', () => {
  it.each([1, 2, 3, 4, 5])('under the versions that decided the scans gives what they gave (seed %i)', async (seed) => {
    const versions = rich();
    const was = history(versions, { seed });
    expect(was.wins).toBeGreaterThan(300);
    expectAsItWas(await replay(versions, chunksOf(was.recorded), OPTIONS), was);
  });

  it('is the same however the records are cut into chunks and whatever the machine does meanwhile', async () => {
    const versions = rich();
    const { recorded } = history(versions);
    const draft = [versions[1]!];
    const whole = await replay(draft, chunksOf(recorded, 6_000), OPTIONS);
    expect(await replay(draft, chunksOf(recorded, 17), OPTIONS)).toEqual(whole);
    expect(whole.winners.lostScans).toBeGreaterThan(0);
  });

  it('goes on in the middle: ordinals stand where the records say, used codes stay used', async () => {
    const everyFifth = version({
      rules: [
        {
          key: 'fifth',
          name: '每五',
          when: { field: 'nthScan', op: 'everyNth', value: 5 },
          then: { mode: 'drawn', prizes: [{ key: 'small', odds: 1_000_000 }], fallbackPrizeKey: null },
        },
        {
          key: 'all',
          name: '其余',
          when: { all: [] },
          then: { mode: 'drawn', prizes: [{ key: 'none', odds: 1_000_000 }], fallbackPrizeKey: null },
        },
      ],
      prizes: [
        { kind: 'cash', key: 'small', name: '红包', amount: { type: 'fixed', fen: 88 }, stock: null },
        { kind: 'nothing', key: 'none', name: '谢谢参与' },
      ],
      caps: [],
    });
    const { recorded } = history([everyFifth]);
    const late = recorded.slice(3_000);
    const result = await replay([everyFifth], chunksOf(late, 500), OPTIONS);
    const fen = late.reduce((sum, { real }) => sum + real.amountFen, 0);
    expect(fen).toBeGreaterThan(0);
    expect(result.replayed.fen).toBe(fen);
    expect(result.differences).toEqual([]);
  });

  it('adds up: days, regions, cells, campaigns and prizes all come to the total', async () => {
    const versions = rich();
    const { recorded } = history(versions);
    const result = await replay([versions[0]!], chunksOf(recorded), OPTIONS);
    const sum = (parts: readonly { fen: number }[]): number => parts.reduce((all, { fen }) => all + fen, 0);
    for (const parts of [result.days, result.regions, result.cells, result.campaigns, result.prizes]) {
      expect(sum(parts)).toBe(result.replayed.fen);
    }
    expect(result.days.map(({ day }) => day)).toEqual(['2026-06-29', '2026-06-30', '2026-07-01', '2026-07-02']);
    expect(result.scans).toBe(recorded.length);
    expect(result.differences).toHaveLength(10);
    const by = result.differences.map(({ fen, realFen }) => Math.abs(fen - realFen));
    expect(by).toEqual([...by].sort((a, b) => b - a));
  });

  it('says which limit was reached, when first, and how often', async () => {
    const poor = version({
      caps: [{ per: 'region', window: 'total', count: null, fen: 8_800, adcode: 340_000 }],
      prizes: [{ kind: 'cash', key: 'small', name: '红包', amount: { type: 'fixed', fen: 88 }, stock: null }],
    });
    const { recorded } = history([version({})]);
    const result = await replay([poor], chunksOf(recorded), { ...OPTIONS, start: { budgets: { 9: 20_000 } } });
    const anhui = result.regions.find(({ adcode }) => adcode === 340_000)!;
    expect(anhui.fen).toBe(8_800);
    expect(result.replayed.fen).toBe(Math.floor(20_000 / 88) * 88);
    const share = result.breaches.find(({ kind }) => kind === 'cap')!;
    const budget = result.breaches.find(({ kind }) => kind === 'budget')!;
    expect(share.cap).toMatchObject({ per: 'region', adcode: 340_000 });
    expect(budget).toMatchObject({ campaignId: 1, budgetId: 9, prizeKey: null });
    expect(share.times + budget.times).toBe(result.refusals.budget_short);
    expect(budget.firstAt < budget.lastAt).toBe(true);
  });

  it('says when a stock ran out', async () => {
    const then = { mode: 'drawn' as const, prizes: [{ key: 'cup', odds: 1_000_000 }], fallbackPrizeKey: 'none' };
    const cups = version({
      prizes: [
        { kind: 'goods', key: 'cup', name: '杯子', stock: 20, valueFen: 900 },
        { kind: 'nothing', key: 'none', name: '谢谢参与' },
      ],
      rules: [{ key: 'all', name: '人人', when: { all: [] }, then }],
    });
    const { recorded } = history([version({})]);
    const result = await replay([cups], chunksOf(recorded), { ...OPTIONS, start: { stock: { '1:cup': 3 } } });
    const gone = result.breaches.find(({ kind, prizeKey }) => kind === 'stock' && prizeKey === 'cup')!;
    expect(gone.times).toBe(1);
    expect(result.prizes.find(({ prizeKey }) => prizeKey === 'cup')!.awards).toBe(3);
  });

  it('uses the real luck only for codes that gave their prize', async () => {
    const half = version({
      prizes: [
        {
          kind: 'cash',
          key: 'some',
          name: '随机',
          amount: { type: 'uniform', minFen: 30, maxFen: 30_000 },
          stock: null,
        },
      ],
      rules: [
        {
          key: 'all',
          name: '人人',
          when: { all: [] },
          then: { mode: 'drawn', prizes: [{ key: 'some', odds: 1_000_000 }], fallbackPrizeKey: null },
        },
      ],
      caps: [],
    });
    const builder = new ChunkBuilder(2);
    const [scan] = history([half]).recorded;
    builder.add(scan!);
    const unopened = { counted: false, won: false, campaignId: null, amountFen: 0 };
    builder.add({ ...scan!, code: { ...scan!.code, serial: 4_999 }, real: unopened });
    const pretended = createHash('sha256').update('pretended').digest();
    const chunk = builder.build();
    const one = await replay([half], [chunk], OPTIONS);
    const other = await replay([half], [chunk], { ...OPTIONS, keys: { real: KEY, pretended } });
    expect(one.replayed.fen).not.toBe(other.replayed.fen);
    expect(other.differences.every(({ serial }) => serial === 4_999)).toBe(true);
  });

  it('asks a draft whose period has not begun as if it had', async () => {
    const later = version({
      period: { zone: 'Asia/Shanghai', from: '2027-01-01T00:00', to: '2027-02-01T00:00' },
      caps: [],
    });
    const { recorded } = history([version({ caps: [] })]);
    expect((await replay([later], chunksOf(recorded), OPTIONS)).replayed.awards).toBe(0);
    expect((await replay([atAnyTime(later)], chunksOf(recorded), OPTIONS)).replayed.awards).toBeGreaterThan(4_000);
  });

  it('tells its progress, and stops when it is told to', async () => {
    const { recorded } = history([version({})]);
    const seen: number[] = [];
    const stop = new AbortController();
    const progress = (scans: number): void => {
      seen.push(scans);
      if (scans >= 3_000) stop.abort(new Error('enough'));
    };
    await expect(replay(rich(), chunksOf(recorded), { ...OPTIONS, progress, signal: stop.signal })).rejects.toThrow(
      'enough',
    );
    expect(seen).toEqual([1_000, 2_000, 3_000]);
  });

  it('of nothing is nothing', async () => {
    const result = await replay(rich(), [], OPTIONS);
    expect(result).toMatchObject({ scans: 0, from: null, to: null, differences: [], breaches: [], cells: [] });
  });
});
