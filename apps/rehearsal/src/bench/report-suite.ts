import { createPool, type RowDataPacket } from 'mysql2/promise';
import { RebuildDay, RegionalReportModel } from '@app/analytics';
import { scopeOf, type Operator } from '@app/staff';
import type { BenchSystem } from './bench-system';
import { compare, type Row } from './measure';
import { serverPids } from './processes';

const DAYS = 90;
const FIRST = new Date('2026-06-01T00:00:00Z');
const DISTRIBUTORS = 12;
const CITIES = 340;

/** The distributor's and the national board from the roll-ups, against GROUP BY over the facts of the same scans. */
export async function reportSuite(system: BenchSystem, rounds: number, quick: boolean): Promise<Row[]> {
  const scans = quick ? 200_000 : 1_000_000;
  const owner = createPool({ uri: process.env.MIGRATOR_DATABASE_URL!, connectionLimit: 2 });
  await owner.query(
    `INSERT INTO scan_facts (day, member_id, scan_id, at, adcode, city, product_id, batch_id, campaign_id, distributor_id, verdict,
       first_of_code, new_member, won, amount_fen)
     SELECT DATE_ADD('2026-06-01', INTERVAL seq MOD ${DAYS} DAY), 1 + CRC32(seq) MOD ${scans / 4}, CONCAT('bench-', LPAD(seq, 12, '0')),
       TIMESTAMPADD(MINUTE, seq MOD 1440, DATE_ADD('2026-05-31 16:00:00', INTERVAL seq MOD ${DAYS} DAY)), 0,
       110000 + 100 * (CRC32(seq * 7) MOD ${CITIES}), 1 + seq MOD 6, 1 + seq MOD 8, 1 + seq MOD 5,
       1 + CRC32(seq * 7) MOD ${CITIES} MOD ${DISTRIBUTORS}, 2, seq MOD 10 < 9, seq MOD 11 = 0, seq MOD 3 = 0, IF(seq MOD 3 = 0, 88, 0)
     FROM seq_1_to_${scans}`,
  );
  for (let day = 0; day < DAYS; day++) {
    await system.use(RebuildDay).run(new Date(FIRST.getTime() + day * 86_400_000).toISOString().slice(0, 10));
  }
  await owner.query('ANALYZE TABLE scan_facts, rollup_days, people_days');
  const rows: Row[] = [];
  for (const [what, distributorId, goal] of [
    ['one distributor, 30 days', 3, { goal: 'P15', floor: '500x at 1e7', aim: '3000x at 1e7' }],
    ['national, 90 days', null, { goal: 'P16', floor: '40x at 1e7', aim: '1000x at 1e7' }],
  ] as const) {
    rows.push(
      await oneBoard(system, owner, {
        what: `${what}, ${scans.toLocaleString('en')} scans`,
        distributorId,
        rounds,
        goal,
      }),
    );
  }
  await owner.end();
  return rows;
}

type Owner = ReturnType<typeof createPool>;

interface Board {
  readonly what: string;
  readonly distributorId: number | null;
  readonly rounds: number;
  readonly goal: { readonly goal: string; readonly floor: string; readonly aim: string };
}

async function oneBoard(system: BenchSystem, owner: Owner, { what, distributorId, rounds, goal }: Board): Promise<Row> {
  const operator: Operator = {
    ...{ id: 1, login: 'bench', name: 'bench', distributorId },
    roles: distributorId === null ? ['marketer'] : ['distributor'],
  };
  const days = { from: '2026-06-01', to: distributorId === null ? '2026-08-30' : '2026-07-01' };
  const model = system.use(RegionalReportModel);
  const ours = (): Promise<number> =>
    model.read(scopeOf(operator), { ...days, level: 'city' }).then(({ total }) => total.scans);
  const raw = async (): Promise<number> => {
    const [rows] = await owner.query<RowDataPacket[]>(
      `SELECT city, COUNT(*) AS scans, SUM(first_of_code) AS firsts, SUM(won) AS wins, SUM(amount_fen) AS fen, SUM(new_member) AS fresh,
         COUNT(DISTINCT member_id) AS people
       FROM scan_facts WHERE day >= ? AND day < ? ${distributorId === null ? '' : 'AND distributor_id = ?'} GROUP BY city`,
      [days.from, days.to, ...(distributorId === null ? [] : [distributorId])],
    );
    return rows.reduce((sum, row) => sum + Number(row.scans), 0);
  };
  const [here, there] = [await ours(), await raw()];
  if (here !== there || here === 0) throw new Error(`${what}: the report counts ${here} scans, the facts ${there}`);
  return compare({
    ...{ suite: 'report', what, rounds, ours: serverPids, ...goal },
    a: { name: 'regional report from the roll-ups', sample: () => perSecond(ours, 300) },
    b: { name: 'GROUP BY over the facts', sample: () => perSecond(raw, 0) },
  });
}

/** Calls at least once and for so long. */
async function perSecond(work: () => Promise<unknown>, forMs: number): Promise<number> {
  const startedAt = performance.now();
  let calls = 0;
  do {
    await work();
    calls++;
  } while (performance.now() - startedAt < forMs);
  return (calls * 1_000) / (performance.now() - startedAt);
}
