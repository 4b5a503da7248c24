import { Injectable } from '@nestjs/common';
import { Database, placeholders, textOf, type SqlValue } from '@app/database';
import {
  checkLimit,
  memberId,
  readCursor,
  Rejected,
  writeCursor,
  type MemberId,
  type Page,
  type PageRequest,
} from '@app/kernel';
import { cityOf, namesOf, provinceOf } from '@app/regions';
import { MembersRepository } from './members.repository';

/** A scan as the one who made it looks back at it. */
export interface PastScan {
  readonly scanId: string;
  /** `A-XXXX-XXXX-XXXX-XXXX`. */
  readonly code: string;
  readonly at: Date;
  /** As it was told then: first, repeat, not_active, frozen, void, expired. */
  readonly verdict: string;
  readonly productName: string | null;
  readonly spec: string | null;
  /** Null = unknown place. */
  readonly city: string | null;
  /** What it won or showed then; null when there was none. */
  readonly reward: {
    readonly awardId: string;
    readonly kind: string;
    readonly prizeName: string;
    readonly amountFen: number | null;
  } | null;
}

interface Position {
  readonly member: MemberId;
  readonly eventKey: string;
  readonly at: Date;
}

interface Row {
  member: string;
  key: Buffer;
  at: Date;
}

/** The part of a stored answer that a look back needs. */
interface Told {
  readonly code: string;
  readonly verdict: string;
  readonly product: { readonly name: string; readonly spec: string } | null;
  readonly reward: PastScan['reward'];
}

const PREFIX = 'scan:';

/** A fold is seconds behind the scans, under load perhaps a minute; what is this old is in the events. */
const FOLDED_AFTER_MINUTES = 10;
/** All scans of a member lie together, and are walked through for the newest: a few pages of the table for nearly everybody. */
const MOST_WALKED = 500;

/**
 * A member's own scans, newest first. The hot table has no index by time, and needs none: the events of a member do, and name the scans.
 * Events are folded from the scans a little later, so whoever looks right after scanning is shown the newest from the scans themselves;
 * somebody with more than 500 scans, of whom there are few, waits for the fold.
 */
@Injectable()
export class ScanHistory {
  constructor(
    private readonly database: Database,
    private readonly members: MembersRepository,
  ) {}

  /** Of every number the person had. */
  async page(member: MemberId, { limit, cursor }: PageRequest): Promise<Page<PastScan>> {
    checkLimit(limit);
    const [row] = await this.members.find(this.database, [member]);
    const numbers = await this.members.idsCountingFor(this.database, row?.mergedInto ?? member);
    const before = cursor ? positionOf(cursor) : null;
    const fresh = (row?.totals.scans ?? 0) > MOST_WALKED ? [] : await this.fresh(numbers, before);
    const found = together(await this.keys(numbers, limit + 1, before), fresh).slice(0, limit + 1);
    const shown = found.slice(0, limit);
    const last = shown.at(-1);
    const more = found.length > limit && last !== undefined;
    return {
      items: await this.scans(shown),
      nextCursor: more ? writeCursor([last.at.toISOString(), last.eventKey]) : null,
    };
  }

  /** Scans that may not be folded yet. The primary key begins with the member; the index by time would walk through everybody's. */
  private async fresh(numbers: readonly MemberId[], before: Omit<Position, 'member'> | null): Promise<Position[]> {
    const rows = await this.database.query<{ member: string; scanId: Buffer; at: Date }>(
      `SELECT member_id AS member, scan_id AS scanId, at FROM scans FORCE INDEX (PRIMARY)
        WHERE member_id IN (${placeholders(numbers)}) AND at > UTC_TIMESTAMP(6) - INTERVAL ? MINUTE`,
      [...numbers, FOLDED_AFTER_MINUTES],
    );
    return rows
      .map(({ member, scanId, at }) => ({ member: memberId(member), eventKey: `${PREFIX}${textOf(scanId)}`, at }))
      .filter((one) => before === null || newestFirst(before, one) < 0);
  }

  /** Each number walks its own index; a person has few. */
  private async keys(
    numbers: readonly MemberId[],
    limit: number,
    before: Omit<Position, 'member'> | null,
  ): Promise<Position[]> {
    const after = before === null ? '' : 'AND (at < ? OR (at = ? AND event_key < ?))';
    const part = `(SELECT member_id AS member, event_key AS \`key\`, at FROM member_events FORCE INDEX (ix_member_events_time)
      WHERE member_id = ? AND kind IN ('scan', 'consume') ${after} ORDER BY at DESC, event_key DESC LIMIT ?)`;
    const params = numbers.flatMap((number): SqlValue[] => [
      number,
      ...(before === null ? [] : [before.at, before.at, before.eventKey]),
      limit,
    ]);
    const rows = await this.database.query<Row>(
      `${numbers.map(() => part).join(' UNION ALL ')} ORDER BY at DESC, \`key\` DESC LIMIT ?`,
      [...params, limit],
    );
    return rows.map(({ member, key, at }) => ({ member: memberId(member), eventKey: textOf(key), at }));
  }

  private async scans(positions: readonly Position[]): Promise<PastScan[]> {
    if (positions.length === 0) return [];
    const keys = positions.map(({ member, eventKey }): [MemberId, string] => [member, eventKey.slice(PREFIX.length)]);
    const rows = await this.database.query<{
      member: string;
      scanId: Buffer;
      at: Date;
      adcode: number | null;
      answer: string;
    }>(
      `SELECT member_id AS member, scan_id AS scanId, at, adcode, answer FROM scans
        WHERE (member_id, scan_id) IN (${keys.map(() => '(?,?)').join(',')})`,
      keys.flat(),
    );
    const byKey = new Map(rows.map((row) => [`${row.member}/${textOf(row.scanId)}`, row]));
    return keys.flatMap(([member, scanId]) => {
      const row = byKey.get(`${member}/${scanId}`);
      return row ? [pastScan(scanId, row.at, row.adcode, JSON.parse(row.answer) as Told)] : [];
    });
  }
}

/** Newest first; of two at the same moment the greater key, as the database sorts them. */
function newestFirst(one: Omit<Position, 'member'>, other: Omit<Position, 'member'>): number {
  const byTime = other.at.getTime() - one.at.getTime();
  return byTime !== 0 ? byTime : Buffer.compare(Buffer.from(other.eventKey), Buffer.from(one.eventKey));
}

/** What both tell, once. */
function together(folded: readonly Position[], fresh: readonly Position[]): Position[] {
  const byKey = new Map([...fresh, ...folded].map((one) => [`${one.member}/${one.eventKey}`, one]));
  return [...byKey.values()].sort(newestFirst);
}

function pastScan(scanId: string, at: Date, adcode: number | null, { code, verdict, product, reward }: Told): PastScan {
  return {
    ...{ scanId, code, at, verdict },
    productName: product?.name ?? null,
    spec: product?.spec ?? null,
    city: adcode === null ? null : cityWords(adcode),
    reward: reward && {
      awardId: reward.awardId,
      kind: reward.kind,
      prizeName: reward.prizeName,
      amountFen: reward.amountFen,
    },
  };
}

function cityWords(adcode: number): string | null {
  const { city, province } = namesOf(cityOf(adcode) ?? provinceOf(adcode));
  return city ?? province;
}

function positionOf(cursor: string): Omit<Position, 'member'> {
  const [time, eventKey] = readCursor(cursor, 2);
  const at = new Date(String(time));
  if (Number.isNaN(at.getTime()) || typeof eventKey !== 'string') {
    throw new Rejected('bad_cursor', '翻页标记无效，请从第一页重新开始', 400);
  }
  return { at, eventKey };
}
