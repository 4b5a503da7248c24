import {
  campaignTemplate,
  compileCampaign,
  decide,
  drawsOf,
  hashCampaign,
  validateCampaign,
  type CompiledVersion,
  type DecisionState,
  type Draw,
  type Rule,
  type ScanFacts,
} from '@app/campaigns';
import type { Condition } from '@app/conditions';
import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { compare, cpuRateOf, type Row } from './measure';

const MARKS = { goal: '50 × 6: ≤ 20 µs', floor: '20 µs', aim: '10 µs' };
const PROVINCES = [110_000, 310_000, 320_000, 330_000, 440_000, 510_000, 370_000, 410_000, 420_000];
/** Facts are made before the clock runs; a scan makes them once, whatever it is decided by. */
const SCANS = 64;

/**
 * One decision over a campaign whose last rule matches and whose other rules fail as late as they can, so nothing is saved by stopping
 * early. With and without the draw, which is one HMAC; beside it one bare HMAC. Rates are per second of processor time.
 */
export async function decideSuite(rounds: number, quick: boolean): Promise<Row[]> {
  const key = createSecretKey(randomBytes(32));
  const forMs = quick ? 200 : 1_000;
  const hmac = (): void => void createHmac('sha256', key).update('draw|1|7:0:1').digest();
  const rows: Row[] = [];
  for (const { name, version } of [
    { name: '10 rules of 3 leaves', version: versionOf(rulesOf(10, threeLeaves)) },
    { name: '50 rules of 6 leaves', version: versionOf(rulesOf(50, sixLeaves)) },
  ]) {
    for (const { draw, how } of [
      { draw: () => DRAWN, how: 'without the draw' },
      { draw: (facts: ScanFacts) => drawsOf(key, facts), how: 'with its draw' },
    ]) {
      const one = decider(version, draw);
      rows.push(
        await compare({
          ...{ suite: 'decide', what: `${name}, ${how}`, rounds, ...MARKS },
          a: { name: 'decide()', sample: () => Promise.resolve(cpuRateOf(one, forMs, BURST)) },
          b: {
            name: 'one createHmac(sha256)',
            sample: () => Promise.resolve(cpuRateOf(times(BURST, hmac), forMs, BURST)),
          },
        }),
      );
    }
  }
  return rows;
}

/** Decisions between two looks at the clock. */
const BURST = 16;

function times(count: number, work: () => void): () => void {
  return () => {
    for (let done = 0; done < count; done++) work();
  };
}

function decider(version: CompiledVersion, draw: (facts: ScanFacts) => Draw): () => void {
  const scans = Array.from({ length: SCANS }, (_, serial) => factsOf(serial));
  const candidates = [version];
  let next = 0;
  return times(BURST, () => {
    const facts = scans[next++ % SCANS]!;
    const decision = decide(candidates, facts, STATE, draw(facts));
    if (decision.kind !== 'award') throw new Error(`the decision was ${decision.kind}`);
  });
}

const STATE: DecisionState = {
  status: () => 'live',
  used: () => ({ count: 0, fen: 0 }),
  stockLeft: () => null,
  budgetLeft: () => 1e12,
};
const DRAWN: Draw = { number: () => 123_456_789, position: () => 0 };

function rulesOf(count: number, leaves: (province: number) => Condition[]): Rule[] {
  const then = { mode: 'drawn' as const, prizes: [{ key: 'small', odds: 1_000_000 }], fallbackPrizeKey: null };
  return Array.from({ length: count }, (_, at): Rule => {
    // Only the last rule speaks of the province that the scans come from.
    const province = at === count - 1 ? 340_000 : PROVINCES[at % PROVINCES.length]!;
    return { key: `r${at}`, name: `规则 ${at}`, when: { all: leaves(province) }, then };
  });
}

function threeLeaves(province: number): Condition[] {
  return [
    { field: 'tier', op: 'in', value: ['regular', 'gold'] },
    { field: 'nthScan', op: 'gte', value: 3 },
    { field: 'region', op: 'within', value: province },
  ];
}

function sixLeaves(province: number): Condition[] {
  return [
    { field: 'product', op: 'in', value: [1, 2, 3] },
    { field: 'tags', op: 'hasNone', value: ['羊毛党', '员工'] },
    { field: 'weekday', op: 'in', value: [5, 6, 7] },
    { field: 'timeOfDay', op: 'between', value: { from: '18:00', to: '23:00' } },
    ...threeLeaves(province).slice(1),
  ];
}

function versionOf(rules: readonly Rule[]): CompiledVersion {
  const check = validateCampaign(campaignTemplate('测量', 1, { rules: [...rules] }));
  if (!check.ok) throw new Error(JSON.stringify(check.findings));
  if (check.content.rules.length !== rules.length) throw new Error('rules were lost');
  const contentHash = hashCampaign(check.content);
  return compileCampaign({ campaignId: 1, versionId: 1, versionNo: 1, contentHash, content: check.content });
}

function factsOf(serial: number): ScanFacts {
  return {
    ...{ product: 1, productLine: 'bench', batch: 7, lot: null, layer: 0, serial, firstScanOfCode: true },
    region: { adcode: 340_100, trust: 'agreed', accuracyM: 40 },
    shippedTo: { distributor: null, store: null },
    member: {
      ...{
        id: 1,
        tier: 'regular',
        isNew: false,
        tags: ['老客', '华东'],
        audiences: [],
        phoneBound: true,
        follows: null,
      },
      ...{ shared: null, daysSinceLastScan: 2, risk: 'low' },
    },
    at: new Date(Date.parse('2026-07-18T11:30:00Z') + serial * 1_000),
    nthScan: { ever: 5, day: 2, campaign: () => 3 },
  };
}
