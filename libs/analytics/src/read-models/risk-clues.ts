import { Injectable } from '@nestjs/common';
import { Database, placeholders } from '@app/database';
import { memberId, shanghaiDayStart, type MemberId } from '@app/kernel';
import { rangeOfDay } from './rollup-scope';

/** Somebody who opened more bottles on one day than people drink: a collector of caps, a clerk, or a party. */
export interface BusyMember {
  readonly memberId: MemberId;
  readonly scans: number;
  /** Codes of paying layers that this person scanned first. */
  readonly opened: number;
  readonly wins: number;
  readonly awardedFen: number;
  /** Cities and provinces, the unknown place among them. */
  readonly places: number;
  readonly batches: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
}

/** A code that many people scanned: copied, photographed, or a bottle that went from hand to hand. */
export interface SharedCode {
  readonly batchId: number;
  readonly batchName: string;
  readonly layer: number;
  readonly serial: number;
  /** Since it was first scanned. */
  readonly scans: number;
  readonly members: number;
  readonly places: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
}

/** As it stands in `scan_facts.verdict`. */
const REPEAT = 3;
const MOST_MEMBERS = 100;
const MOST_CODES = 100;
/** Newest repeat scans of the day that are looked at. */
const MOST_REPEATS = 5_000;
/** Fewer are a family. */
const FEWEST_MEMBERS = 3;

/** What looks odd in the scans of a day. A clue is no verdict: it says where somebody should look. */
@Injectable()
export class RiskCluesModel {
  constructor(private readonly database: Database) {}

  /** Who opened at least so many bottles on a Shanghai day, most first, at most 100. Throws Rejected `bad_day` (422). */
  async busyMembers(day: string, atLeast: number): Promise<BusyMember[]> {
    rangeOfDay(day);
    const found = await this.database.query<{ id: string }>(
      `SELECT member_id AS id FROM scan_facts WHERE day = ? GROUP BY member_id HAVING SUM(opened) >= ?
        ORDER BY SUM(opened) DESC, member_id LIMIT ${MOST_MEMBERS}`,
      [day, atLeast],
    );
    if (found.length === 0) return [];
    const rows = await this.database.query<
      Record<'id' | 'scans' | 'opened' | 'wins' | 'fen' | 'places' | 'batches', string> & Times
    >(
      `SELECT member_id AS id, COUNT(*) AS scans, SUM(opened) AS opened, SUM(won) AS wins, SUM(amount_fen) AS fen,
              COUNT(DISTINCT city) AS places, COUNT(DISTINCT batch_id) AS batches, MIN(at) AS firstAt, MAX(at) AS lastAt
         FROM scan_facts WHERE day = ? AND member_id IN (${placeholders(found)}) GROUP BY member_id
        ORDER BY opened DESC, member_id`,
      [day, ...found.map(({ id }) => id)],
    );
    return rows.map(({ id, scans, opened, wins, fen, places, batches, firstAt, lastAt }) => ({
      ...{ memberId: memberId(id), scans: Number(scans), opened: Number(opened), wins: Number(wins) },
      ...{ awardedFen: Number(fen), places: Number(places), batches: Number(batches), firstAt, lastAt },
    }));
  }

  /** Codes scanned again on that day that at least three people have scanned by now, most people first, at most 100. */
  async sharedCodes(day: string): Promise<SharedCode[]> {
    const { from, to } = rangeOfDay(day);
    const keys = await this.database.query<{ batchId: number; layer: number; serial: number }>(
      `SELECT DISTINCT s.batch_id AS batchId, s.layer, s.serial
         FROM (SELECT member_id, scan_id FROM scan_facts FORCE INDEX (ix_scan_facts_verdict)
                WHERE verdict = ? AND at >= ? AND at < ? ORDER BY at DESC LIMIT ${MOST_REPEATS}) f
         JOIN scans s ON s.member_id = f.member_id AND s.scan_id = f.scan_id`,
      [REPEAT, shanghaiDayStart(from), shanghaiDayStart(to)],
    );
    if (keys.length === 0) return [];
    const rows = await this.database.query<
      { batchId: number; batchName: string; layer: number; serial: number } & Record<
        'scans' | 'members' | 'places',
        string
      > &
        Times
    >(
      `SELECT s.batch_id AS batchId, b.name AS batchName, s.layer, s.serial, COUNT(*) AS scans,
              COUNT(DISTINCT s.member_id) AS members, COUNT(DISTINCT COALESCE(s.adcode, 0) DIV 100) AS places,
              MIN(s.at) AS firstAt, MAX(s.at) AS lastAt
         FROM scans s JOIN code_batches b ON b.id = s.batch_id
        WHERE (s.batch_id, s.layer, s.serial) IN (${keys.map(() => '(?, ?, ?)').join(',')})
        GROUP BY s.batch_id, b.name, s.layer, s.serial HAVING members >= ${FEWEST_MEMBERS}
        ORDER BY members DESC, scans DESC, lastAt DESC LIMIT ${MOST_CODES}`,
      keys.flatMap(({ batchId, layer, serial }) => [batchId, layer, serial]),
    );
    return rows.map(({ scans, members, places, ...row }) => ({
      ...{ ...row, scans: Number(scans), members: Number(members), places: Number(places) },
    }));
  }
}

interface Times {
  firstAt: Date;
  lastAt: Date;
}
