import { Inject, Injectable } from '@nestjs/common';
import type { CompiledVersion } from '@app/campaigns';
import { CONFIG, type Config } from '@app/config';
import { isDuplicate, UnitOfWork, type Tx } from '@app/database';
import { codeKey, Transient } from '@app/kernel';
import type { Claim } from '@app/rewards';
import { AnswerScan } from './answer-scan';
import { DecideAgain } from './decide-again';
import { judgeScan, type JudgedScan } from './judge-scan';
import type { PreparedScan } from './scan-input';
import type { ScanOutcome } from './scan-outcome';
import { ScanReads, type KnownScan } from './scan-reads';
import { recordKey } from './scan-records.repository';
import { ScanTime } from './scan-time';
import type { ScanWorld } from './scan-world';
import { ScanWrites } from './scan-writes';

const TRIES = 6;

/** Commits a group of scans in one transaction: facts, locks, fresh epochs, decisions in memory, then every write. */
@Injectable()
export class CommitScans {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly unitOfWork: UnitOfWork,
    private readonly time: ScanTime,
    private readonly read: ScanReads,
    private readonly write: ScanWrites,
    private readonly answers: AnswerScan,
  ) {}

  /** One outcome per scan, in order. */
  async run(group: readonly PreparedScan[]): Promise<readonly ScanOutcome[]> {
    const how = { exactly: false, carefully: false };
    for (let tries = 1; tries <= TRIES; tries++) {
      const versions = await this.read.versions(group);
      try {
        return await this.unitOfWork.run((tx) => this.commit(tx, group, versions, how));
      } catch (error) {
        const again = error instanceof DecideAgain;
        if (!again && !isDuplicate(error, 'PRIMARY')) throw error;
        how.exactly ||= again && error.exactly;
        how.carefully ||= !again;
      }
    }
    // Not Transient for a group: its scans are then tried one by one, and one that cannot be decided fails alone.
    if (group.length > 1) throw new Error('a group of scans could not be decided together');
    throw new Transient('a scan could not be decided just now');
  }

  private async commit(
    tx: Tx,
    group: readonly PreparedScan[],
    versions: readonly CompiledVersion[],
    { exactly, carefully }: { exactly: boolean; carefully: boolean },
  ): Promise<readonly ScanOutcome[]> {
    const now = await this.time.now(tx);
    const members = await this.read.members(tx, group, versions, now);
    const resolved = group
      .map((scan) => ({ ...scan, member: members.get(scan.member)?.mergedInto ?? scan.member }))
      .map((scan) => ({ scan, code: this.read.resolve(scan, now) }));
    const known = resolved.filter((entry): entry is KnownScan => entry.code !== null);
    const claims = await this.read.lockClaims(tx, known, now);
    const asked = carefully ? known : known.filter(mayBeAnswered(claims));
    const earlier = await this.earlier(tx, asked.map(scanOf), group);
    const given = codesByScan(earlier, known);
    const fresh = known.filter(
      ({ scan }) => !earlier.has(keyOf(scan)) && given.get(keyOf(scan)) === codeKey(scan.code),
    );

    const world = await this.read.world(tx, fresh, { now, claims, versions, members, exactly });
    const judged = fresh.map(({ scan, code }) => {
      const tools = { drawKey: this.config.keys.draw, holdMs: this.config.waits.holdMs };
      return { scan, code, judgement: judgeScan(scan, code, world, tools) };
    });
    const texts = await this.texts(tx, judged, world);
    await this.write.run(tx, judged, texts, world);

    return resolved.map(({ scan, code }): ScanOutcome => {
      if (code === null) return { kind: 'unknown', code: scan.codeText };
      const key = keyOf(scan);
      if (given.get(key) !== codeKey(scan.code)) return { kind: 'conflict' };
      return { kind: 'answered', answer: earlier.get(key)?.answer ?? texts.get(key)! };
    });
  }

  /** Answers given before, also under the number that a person had before a merge: by the number they have now. */
  private async earlier(tx: Tx, asked: readonly PreparedScan[], sent: readonly PreparedScan[]) {
    const before = new Map(sent.map(({ member, scanId, codeText }) => [`${scanId} ${codeText}`, member]));
    const former = asked.flatMap((scan) => {
      const member = before.get(`${scan.scanId} ${scan.codeText}`);
      return member === undefined || member === scan.member ? [] : [{ scan, old: { ...scan, member } }];
    });
    const answers = await this.read.answers(tx, [...asked, ...former.map(({ old }) => old)]);
    for (const { scan, old } of former) {
      const answer = answers.get(keyOf(old));
      if (answer && !answers.has(keyOf(scan))) answers.set(keyOf(scan), answer);
    }
    return answers;
  }

  private async texts(tx: Tx, judged: readonly JudgedScan[], world: ScanWorld): Promise<Map<string, string>> {
    const shown = judged.flatMap(({ judgement }) => (judgement.award && !judgement.counted ? [judgement.award] : []));
    const details = await this.read.details(tx, shown);
    return new Map(
      judged.map(({ scan, code, judgement }) => {
        const answer = this.answers.answer(scan, code, judgement, world, details);
        return [keyOf(scan), JSON.stringify(answer)] as const;
      }),
    );
  }
}

/**
 * A scan of an active code that nobody ever asked about was not answered before. Should its scanId stand for another code, the row of
 * the scan cannot be written, and the group is decided again with every scan looked up.
 */
function mayBeAnswered(claims: ReadonlyMap<string, Claim>): (one: KnownScan) => boolean {
  return ({ scan, code }) => code.state !== 'active' || claims.get(codeKey(scan.code))!.scans > 0;
}

function scanOf({ scan }: KnownScan): PreparedScan {
  return scan;
}

function keyOf({ member, scanId }: PreparedScan): string {
  return recordKey(member, scanId);
}

/** The code that each scanId stands for: the one it was answered for before, else the first that the group brings. */
function codesByScan(
  earlier: ReadonlyMap<string, { readonly code: string }>,
  scans: readonly { readonly scan: PreparedScan }[],
): ReadonlyMap<string, string> {
  const codes = new Map([...earlier].map(([key, { code }]) => [key, code]));
  for (const { scan } of scans) if (!codes.has(keyOf(scan))) codes.set(keyOf(scan), codeKey(scan.code));
  return codes;
}
