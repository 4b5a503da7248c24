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
  const floor = await ThreeRowFloor.open(process.env.MIGRATOR_DATABASE_URL!);
  const scanner = await Scanner.open(system);
  const forMs = quick ? 1_000 : 2_500;
  const rows: Row[] = [];
  for (const [concurrency, mark] of [
    [128, { floor: '0.55x', aim: '0.85x' }],
    [512, { floor: '0.55x', aim: '0.70x' }],
  ] as const) {
    rows.push(
      await compare({
        ...{ suite: 'scan core', what: `in process, c=${concurrency}`, rounds, goal: 'P3', ours: serverPids, ...mark },
        a: { name: 'ScanCode.run', sample: () => closedLoop(concurrency, forMs, () => scanner.scan()) },
        b: { name: 'three bare rows, micro-batch', sample: () => closedLoop(concurrency, forMs, () => floor.scan()) },
      }),
    );
  }
  await floor.close();
  await scanner.assertBooks();
  return rows;
}

/** Scans one fresh code after the other for many members in turn, and knows in the end whether the books agree with the answers. */
export class Scanner {
  private asked = 0;
  private answered = 0;

  private constructor(
    private readonly system: BenchSystem,
    private readonly scanCode: ScanCode,
    private readonly members: readonly MemberId[],
    private readonly before: Awaited<ReturnType<BenchSystem['books']>>,
  ) {}

  static async open(system: BenchSystem): Promise<Scanner> {
    return new Scanner(system, system.use(ScanCode), await makeMembers(system), await system.books());
  }

  /** Throws when a fresh code is not answered. */
  async scan(): Promise<void> {
    const member = this.members[this.asked++ % this.members.length]!;
    const input = { member, code: this.system.freshCode(), scanId: randomUUID() as string as ScanId };
    const outcome = await this.scanCode.run({ ...input, ip: IP, location: null, withoutLocation: false });
    if (outcome.kind !== 'answered') throw new Error(`a fresh code was ${outcome.kind}`);
    this.answered++;
  }

  assertBooks(): Promise<void> {
    return assertBooks(this.system, this.before, this.answered);
  }
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
