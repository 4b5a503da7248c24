import { Inject, Injectable } from '@nestjs/common';
import { Database, databaseNow, placeholders, type Reader, textOf, type Tx, UnitOfWork } from '@app/database';
import { Outbox, RunsEvery } from '@app/jobs';
import { fen, shanghaiFields, type MemberId } from '@app/kernel';
import { LOGGER, type Logger } from '@app/observability';
import { MemberEventsRepository } from './member-events.repository';
import { MembersScansRecorded } from './member-jobs';
import { MemberMarks } from './member-marks';
import { MEMBER_COLUMNS, memberRow, type MemberRow } from './members.repository';
import { SpendWindow } from './spend-window';
import { earnedTier, nextStanding, TIER_SHARES, type TierKey, type TierStanding, type TierThresholds } from './tier';

const LOOKS_EVERY_MS = 60_000;
/** Scans that wait longer than this to be folded would be missing from the month's thresholds. */
const FOLDED_WITHIN_MS = 30_000;
const AT_ONCE = 500;
const FINISHED = 'finished';
/** With fewer members who bought something, the highest tier would have no place at all: a young brand waits. */
const FEWEST_SPENDERS = Math.ceil(1 / TIER_SHARES.platinum);

/** Sets the thresholds of each month once, and then every member's tier by them. */
@Injectable()
export class TierKeeper {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly events: MemberEventsRepository,
    private readonly marks: MemberMarks,
    private readonly outbox: Outbox,
    private readonly spend: SpendWindow,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  @RunsEvery('members.tiers', () => LOOKS_EVERY_MS)
  async run(): Promise<void> {
    const { month } = shanghaiFields(await databaseNow(this.database));
    if ((await this.marks.read(this.database, `tiers:${month}`)) === FINISHED) return;
    if (await this.outbox.isBehind(this.database, MembersScansRecorded, FOLDED_WITHIN_MS)) return;
    await this.spend.roll();
    if (!(await this.computeThresholds(month))) return;
    const changed = await this.applyTiers(month);
    this.log.info({ month, changed }, 'tiers of the month are set');
  }

  /**
   * The thresholds of a month (`YYYY-MM`), from the 消费值 as it stands when they are first asked for; then they stay. Null, and
   * nothing is fixed, while fewer than 20 members have any 消费值.
   */
  async computeThresholds(month: string): Promise<TierThresholds | null> {
    return this.unitOfWork.run(async (tx) => {
      const known = await this.thresholds(tx, month);
      if (known) return known;
      const [row] = await tx.query<{ members: string }>(
        'SELECT COUNT(*) AS members FROM members WHERE spend_fen > 0 AND erased_at IS NULL',
      );
      const spenders = Number(row!.members);
      if (spenders < FEWEST_SPENDERS) return null;
      const found: { -readonly [K in keyof TierThresholds]: TierThresholds[K] } = {};
      for (const tier of ['gold', 'platinum'] as const) {
        const least = await leastSpend(tx, Math.floor(spenders * TIER_SHARES[tier]));
        if (least !== null) found[tier] = least;
      }
      const rows = [['regular', 0] as const, ...(Object.entries(found) as [TierKey, number][])];
      for (const [tier, least] of rows) {
        await tx.execute('INSERT INTO tier_thresholds (month, tier, min_spend_fen) VALUES (?,?,?)', [
          month,
          tier,
          least,
        ]);
      }
      return found;
    });
  }

  /** Sets every member's tier by the month's thresholds. Goes on where it was cut off. Returns how many tiers changed in this run. */
  async applyTiers(month: string): Promise<number> {
    const thresholds = await this.thresholds(this.database, month);
    if (!thresholds) return 0;
    const name = `tiers:${month}`;
    let changed = 0;
    for (;;) {
      const mark = (await this.marks.read(this.database, name)) ?? '0';
      if (mark === FINISHED) return changed;
      changed += await this.applyChunk(name, mark, month, thresholds);
    }
  }

  /** Null when the month's thresholds were not computed yet. */
  async thresholds(reader: Reader, month: string): Promise<TierThresholds | null> {
    const rows = await reader.query<{ tier: Buffer; least: string }>(
      'SELECT tier, min_spend_fen AS least FROM tier_thresholds WHERE month = ?',
      [month],
    );
    if (rows.length === 0) return null;
    return Object.fromEntries(
      rows.map(({ tier, least }) => [textOf(tier), Number(least)] as const).filter(([tier]) => tier !== 'regular'),
    );
  }

  private async applyChunk(name: string, mark: string, month: string, thresholds: TierThresholds): Promise<number> {
    return this.unitOfWork.run(async (tx) => {
      const rows = (
        await tx.query<Parameters<typeof memberRow>[0]>(
          `SELECT ${MEMBER_COLUMNS} FROM members WHERE id > ? ORDER BY id LIMIT ${AT_ONCE} FOR UPDATE`,
          [Number(mark)],
        )
      ).map(memberRow);
      const moves = rows
        .filter((row) => row.mergedInto === null && row.erasedAt === null)
        .map((row) => ({ row, next: nextStanding(row.standing, earnedTier(row.totals.spendFen, thresholds), month) }))
        .filter(({ row, next }) => next.tier !== row.standing.tier || next.until !== row.standing.until);
      await writeStandings(tx, moves);
      const changes = moves.filter(({ row, next }) => next.tier !== row.standing.tier);
      await this.recordChanges(tx, changes, month);
      await this.marks.write(tx, name, rows.length < AT_ONCE ? FINISHED : String(rows.at(-1)!.id));
      return changes.length;
    });
  }

  private async recordChanges(tx: Tx, changes: readonly Move[], month: string): Promise<void> {
    const at = await databaseNow(tx);
    await this.events.insert(
      tx,
      changes.map(({ row, next }) => ({
        memberId: row.id,
        eventKey: `tier:${month}`,
        kind: 'tier',
        at,
        amountFen: fen(0),
        spendFen: fen(0),
        adcode: null,
        data: { from: row.standing.tier, to: next.tier, until: next.until },
        folded: true,
      })),
    );
  }
}

interface Move {
  readonly row: MemberRow;
  readonly next: TierStanding;
}

/**
 * The least 消费值 that at most `places` members have or exceed. Members who share the first value that no longer fits stay below,
 * so that a tier never grows past its share. Null when nobody is let in.
 */
async function leastSpend(tx: Tx, places: number): Promise<number | null> {
  if (places === 0) return null;
  const [beyond] = await tx.query<{ spend: string }>(
    'SELECT spend_fen AS spend FROM members WHERE spend_fen > 0 AND erased_at IS NULL ORDER BY spend_fen DESC LIMIT 1 OFFSET ?',
    [places],
  );
  const [least] = await tx.query<{ spend: string | null }>(
    'SELECT MIN(spend_fen) AS spend FROM members WHERE spend_fen > ? AND erased_at IS NULL',
    [beyond?.spend ?? 0],
  );
  return least?.spend == null ? null : Number(least.spend);
}

async function writeStandings(tx: Tx, moves: readonly Move[]): Promise<void> {
  const groups = new Map<string, { next: TierStanding; ids: MemberId[] }>();
  for (const { row, next } of moves) {
    const key = `${next.tier}/${next.until}`;
    const group = groups.get(key) ?? { next, ids: [] };
    group.ids.push(row.id);
    groups.set(key, group);
  }
  for (const { next, ids } of groups.values()) {
    await tx.execute(`UPDATE members SET tier = ?, tier_until = ? WHERE id IN (${placeholders(ids)})`, [
      next.tier,
      next.until,
      ...ids,
    ]);
  }
}
