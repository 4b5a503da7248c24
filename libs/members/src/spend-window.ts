import { Injectable } from '@nestjs/common';
import { Database, databaseNow, placeholders, type Reader, UnitOfWork } from '@app/database';
import { RunsEvery } from '@app/jobs';
import { addDays, memberId, shanghaiDay, shanghaiDayStart, type MemberId } from '@app/kernel';
import { MemberMarks } from './member-marks';
import { MembersRepository } from './members.repository';

const WINDOW_DAYS = 365;
const HOUR_MS = 3_600_000;
const SLICE_MS = 600_000;
const MEMBERS_AT_ONCE = 200;
const BEGINNING = '1970-01-01';

/** First day that counts for 消费值 (folds read it), and the day up to which expired days were taken out again. */
const FROM = 'spend-from';
const ROLLED = 'spend-rolled';

/**
 * 消费值 is a sum over the last 365 days. New events are added by the folds; this takes out what fell out of the window, looking
 * only at members who bought something on the days that expired.
 */
@Injectable()
export class SpendWindow {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly members: MembersRepository,
    private readonly marks: MemberMarks,
  ) {}

  /** The instant from which an event's spend counts. */
  async from(reader: Reader): Promise<Date> {
    return shanghaiDayStart((await this.marks.read(reader, FROM)) ?? BEGINNING);
  }

  @RunsEvery('members.spend-window', () => HOUR_MS)
  async roll(): Promise<void> {
    await this.rollTo(shanghaiDay(await databaseNow(this.database)));
  }

  /** Moves the window so that it ends with `today` (a Shanghai day). Going back is not possible. */
  async rollTo(today: string): Promise<void> {
    const target = addDays(today, -WINDOW_DAYS);
    const from = (await this.marks.read(this.database, FROM)) ?? BEGINNING;
    // Folds stop counting the expired days first; only then can taking them out be complete.
    if (target > from) await this.unitOfWork.run((tx) => this.marks.write(tx, FROM, target));
    const end = shanghaiDayStart(target > from ? target : from);
    let at = await this.firstExpired(end);
    while (at !== null && at < end) {
      const to = new Date(Math.min(at.getTime() + SLICE_MS, end.getTime()));
      await this.takeOut(at, to, end);
      await this.unitOfWork.run((tx) => this.marks.write(tx, ROLLED, to.toISOString()));
      at = await this.nextExpired(to, end);
    }
  }

  private async firstExpired(end: Date): Promise<Date | null> {
    const rolled = await this.marks.read(this.database, ROLLED);
    return this.nextExpired(rolled === null ? new Date(0) : new Date(rolled), end);
  }

  private async nextExpired(from: Date, end: Date): Promise<Date | null> {
    const [row] = await this.database.query<{ at: Date | null }>(
      'SELECT MIN(at) AS at FROM member_events WHERE at >= ? AND at < ?',
      [from, end],
    );
    return row?.at ?? null;
  }

  private async takeOut(from: Date, to: Date, windowFrom: Date): Promise<void> {
    const rows = await this.database.query<{ id: string }>(
      'SELECT DISTINCT member_id AS id FROM member_events WHERE at >= ? AND at < ? AND spend_fen > 0 ORDER BY member_id',
      [from, to],
    );
    const ids = rows.map((row) => memberId(row.id));
    for (let start = 0; start < ids.length; start += MEMBERS_AT_ONCE) {
      await this.recount(ids.slice(start, start + MEMBERS_AT_ONCE), windowFrom);
    }
  }

  private async recount(ids: readonly MemberId[], windowFrom: Date): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const effective = await this.members.lockEffective(tx, ids);
      const targets = [...new Map([...effective.values()].map((row) => [row.id, row])).values()];
      if (targets.length === 0) return;
      const marks = placeholders(targets);
      const targetIds = targets.map((row) => row.id);
      const sums = await tx.query<{ id: string; spend: string }>(
        `SELECT COALESCE(m.merged_into, m.id) AS id, SUM(e.spend_fen) AS spend
           FROM members m JOIN member_events e ON e.member_id = m.id AND e.at >= ? AND e.folded = 1
          WHERE m.id IN (${marks}) OR m.merged_into IN (${marks}) GROUP BY COALESCE(m.merged_into, m.id)`,
        [windowFrom, ...targetIds, ...targetIds],
      );
      const spend = new Map(sums.map((row) => [memberId(row.id), Number(row.spend)]));
      await this.members.writeTotals(
        tx,
        targets.map((row) => ({ ...row, totals: { ...row.totals, spendFen: spend.get(row.id) ?? 0 } })),
      );
    });
  }
}
