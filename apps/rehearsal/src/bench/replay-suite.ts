import { randomBytes } from 'node:crypto';
import {
  campaignTemplate,
  compileCampaign,
  hashCampaign,
  replay,
  syntheticScans,
  validateCampaign,
  type CompiledVersion,
  type Rule,
  type ScanChunk,
} from '@app/campaigns';
import { ReplayChunks } from '@app/scans';
import { createPool } from 'mysql2/promise';
import type { BenchSystem } from './bench-system';
import { compare, type Row } from './measure';
import { serverPids } from './processes';

const GOAL = { goal: 'replay, 10 rules', floor: '200k scans/s a core', aim: '200k scans/s a core' };
const KEY = randomBytes(32);
/** An hour long over, so that it is packed once and then read as it was kept. */
const DAY = '2026-03-02';
const HOURS = 4;

/**
 * A replay over a campaign of ten rules: of packed scans in memory, by processor time as one core does it, and the same with the
 * packed scans read from the database. Made-up scans stand in `scans` as rows that kept no facts in the first place, so what is read
 * there is packed from rows once, before the clock runs.
 */
export async function replaySuite(system: BenchSystem, rounds: number, quick: boolean): Promise<Row[]> {
  const scans = quick ? 100_000 : 400_000;
  const version = tenRules();
  const chunks = [...syntheticScans(shapeOf(scans))];
  const inMemory = (): Promise<number> => replayed(version, chunks);
  const fromDatabase = await stored(system, chunks);
  return [
    await compare({
      ...{ suite: 'replay', what: `10 rules, ${scans.toLocaleString('en')} scans`, rounds, ours: serverPids, ...GOAL },
      a: { name: 'in memory (processor time)', sample: () => perSecondOfCpu(inMemory) },
      b: {
        name: 'with the database read (wall time)',
        sample: () => perSecond(() => replayed(version, fromDatabase())),
      },
    }),
  ];
}

async function replayed(
  version: CompiledVersion,
  chunks: Iterable<ScanChunk> | AsyncIterable<ScanChunk>,
): Promise<number> {
  const options = { keys: { real: KEY, pretended: KEY }, holdMs: 1_800_000 };
  const { scans, replayed: given } = await replay([version], chunks, options);
  if (scans === 0 || given.awards < scans * 0.7) throw new Error(`${given.awards} awards over ${scans} scans`);
  return scans;
}

async function perSecondOfCpu(work: () => Promise<number>): Promise<number> {
  const before = process.cpuUsage();
  const scans = await work();
  const { user, system } = process.cpuUsage(before);
  return (scans * 1_000_000) / (user + system);
}

async function perSecond(work: () => Promise<number>): Promise<number> {
  const startedAt = performance.now();
  const scans = await work();
  return (scans * 1_000) / (performance.now() - startedAt);
}

/** The same chunks as the source keeps them: a row of scans for each, so that the hours are found and counted as they always are. */
async function stored(system: BenchSystem, chunks: readonly ScanChunk[]): Promise<() => AsyncIterable<ScanChunk>> {
  const owner = createPool({ uri: process.env.MIGRATOR_DATABASE_URL!, connectionLimit: 1 });
  const source = system.use(ReplayChunks);
  const slots = Array.from({ length: HOURS }, (_, hour) => new Date(Date.parse(`${DAY}T00:00:00Z`) + hour * 3_600_000));
  const rows = chunks.reduce((sum, { count }) => sum + count, 0);
  const each = Math.floor(rows / HOURS);
  for (const slot of slots) {
    await owner.query(
      `INSERT INTO scans (member_id, scan_id, at, batch_id, layer, serial, verdict, counted, first_of_code, new_member, trust, product_id,
         facts, answer)
       SELECT 1 + seq, CONCAT('bench-', HOUR(?), '-', LPAD(seq, 12, '0')), ? + INTERVAL seq MOD 3600 SECOND, 1, 0, seq, 1, 0, 1, 0, 0, 1, '{}', '{}'
         FROM seq_1_to_${each}`,
      [slot, slot],
    );
  }
  await owner.end();
  for (const [hour, slot] of slots.entries()) {
    const mine = chunks.filter((_, index) => index % HOURS === hour);
    await source.keepPacked(slot, each, mine);
  }
  return () => source.read(slots[0]!, new Date(slots.at(-1)!.getTime() + 3_600_000));
}

function shapeOf(scans: number) {
  return {
    ...{ seed: 1, scans, firstDay: '2026-06-01', days: 30, people: scans / 4, repeatShare: 0.1, phoneShare: 0.3 },
    regions: [
      { adcode: 340_100, weight: 0.4 },
      { adcode: 320_100, weight: 0.3 },
      { adcode: 440_100, weight: 0.2 },
    ],
    items: [{ product: 1, productLine: 'bench', batch: 1, layer: 0, quantity: 100_000_000, weight: 1 }],
  };
}

function tenRules(): CompiledVersion {
  const then = { mode: 'drawn' as const, prizes: [{ key: 'small', odds: 1_000_000 }], fallbackPrizeKey: null };
  const provinces = [110_000, 310_000, 320_000, 330_000, 440_000, 510_000, 370_000, 410_000, 420_000];
  const regional = provinces.map((value, at): Rule => ({
    ...{ key: `r${at}`, name: `规则 ${at}`, then },
    when: {
      all: [
        { field: 'region', op: 'within', value },
        { field: 'tier', op: 'in', value: ['gold', 'platinum'] },
        { field: 'nthScan', op: 'everyNth', value: 3 },
      ],
    },
  }));
  const last: Rule = { key: 'all', name: '人人', when: { all: [] }, then };
  const check = validateCampaign(campaignTemplate('测量', 1, { rules: [...regional, last] }));
  if (!check.ok) throw new Error(JSON.stringify(check.findings));
  const contentHash = hashCampaign(check.content);
  return compileCampaign({ campaignId: 1, versionId: 1, versionNo: 1, contentHash, content: check.content });
}
