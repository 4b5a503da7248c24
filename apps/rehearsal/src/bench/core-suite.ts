import { randomUUID } from 'node:crypto';
import type { MemberId, ScanId } from '@app/kernel';
import { SignIn } from '@app/members';
import { ScanCode } from '@app/scans';
import type { BenchSystem } from './bench-system';
import { ThreeRowFloor } from './floor';
import { closedLoop, compare, type Row } from './measure';
import { serverPids } from './processes';

const MEMBERS = 512;
const IP = '202.102.192.68';

/** The scan core in this process, without HTTP, against three bare rows a scan written the same way. */
export async function coreSuite(system: BenchSystem, rounds: number, quick: boolean): Promise<Row[]> {
  const members = await makeMembers(system);
  const floor = await ThreeRowFloor.open(process.env.MIGRATOR_DATABASE_URL!);
  const scanCode = system.use(ScanCode);
  const before = await system.books();
  let answered = 0;
  const scan = async (): Promise<void> => {
    const member = members[answered % members.length]!;
    const input = { member, code: system.freshCode(), scanId: randomUUID() as string as ScanId };
    const outcome = await scanCode.run({ ...input, ip: IP, location: null, withoutLocation: false });
    if (outcome.kind !== 'answered') throw new Error(`a fresh code was ${outcome.kind}`);
    answered++;
  };
  const forMs = quick ? 1_000 : 2_500;
  const rows: Row[] = [];
  for (const [concurrency, mark] of [
    [128, { floor: '0.55x', aim: '0.85x' }],
    [512, { floor: '0.55x', aim: '0.70x' }],
  ] as const) {
    rows.push(
      await compare({
        ...{ suite: 'scan core', what: `in process, c=${concurrency}`, rounds, goal: 'P3', ours: serverPids, ...mark },
        a: { name: 'ScanCode.run', sample: () => closedLoop(concurrency, forMs, scan) },
        b: { name: 'three bare rows, micro-batch', sample: () => closedLoop(concurrency, forMs, () => floor.scan()) },
      }),
    );
  }
  await floor.close();
  await assertBooks(system, before, answered);
  return rows;
}

export async function makeMembers(system: BenchSystem): Promise<MemberId[]> {
  const members: MemberId[] = [];
  for (let made = 0; made < MEMBERS; made += 32) {
    const some = Array.from({ length: 32 }, (_, at) =>
      system.use(SignIn).run({ openid: `o-bench-${process.pid}-${made + at}` }),
    );
    members.push(...(await Promise.all(some)));
  }
  return members;
}

/** As many rows as answers, an award for each, and every fen of them reserved. */
export async function assertBooks(
  system: BenchSystem,
  before: Awaited<ReturnType<BenchSystem['books']>>,
  answered: number,
): Promise<void> {
  const after = await system.books();
  const [scans, awards] = [after.scans - before.scans, after.awards - before.awards];
  if (scans !== answered || awards !== answered || after.awardedFen !== after.reservedFen) {
    throw new Error(
      `${answered} answers, ${scans} rows, ${awards} awards; ${after.awardedFen} fen awarded, ${after.reservedFen} reserved`,
    );
  }
}
