import { Injectable } from '@nestjs/common';
import { Database, placeholders, textOf, type SqlValue } from '@app/database';
import { checkLimit, readCursor, Rejected, writeCursor, type Page, type PageRequest } from '@app/kernel';

/** One line of a member's timeline; `data` depends on the kind. */
export interface TimelineLine {
  readonly kind: string;
  readonly at: Date;
  readonly amountFen: number;
  readonly spendFen: number;
  readonly adcode: number | null;
  readonly data: Readonly<Record<string, string | number | boolean | null>> | null;
}

interface Raw {
  event_key: Buffer;
  kind: Buffer;
  at: Date;
  amount_fen: string;
  spend_fen: string;
  adcode: number | null;
  data: Buffer | string | null;
}

/** Each source keeps its own time; `event_key` names the line within it, so that pages go on exactly where they ended. */
const SOURCES: readonly { readonly key: string; readonly columns: string; readonly from: string }[] = [
  {
    key: 'event_key',
    columns: 'kind, at, amount_fen, spend_fen, adcode, CAST(data AS BINARY) AS data',
    from: 'member_events',
  },
  {
    key: "CAST(CONCAT('consent:', kind, ':', act) AS BINARY)",
    columns: `CAST('consent' AS BINARY) AS kind, at, 0 AS amount_fen, 0 AS spend_fen, NULL AS adcode,
      CAST(JSON_OBJECT('consent', CONVERT(kind USING utf8mb4), 'act', CONVERT(act USING utf8mb4), 'text', CONVERT(text_version USING utf8mb4)) AS BINARY) AS data`,
    from: 'member_consents',
  },
  {
    key: "CAST(CONCAT('tag:', tag) AS BINARY)",
    columns: `CAST('tagged' AS BINARY) AS kind, added_at AS at, 0 AS amount_fen, 0 AS spend_fen, NULL AS adcode,
      CAST(JSON_OBJECT('tag', CONVERT(tag USING utf8mb4)) AS BINARY) AS data`,
    from: 'member_tags',
  },
  {
    key: "CAST(CONCAT('complaint:', id) AS BINARY)",
    columns: `CAST('complaint' AS BINARY) AS kind, opened_at AS at, 0 AS amount_fen, 0 AS spend_fen, NULL AS adcode,
      CAST(JSON_OBJECT('complaint', id, 'about', CONVERT(kind USING utf8mb4), 'state', CONVERT(state USING utf8mb4)) AS BINARY) AS data`,
    from: 'complaints',
  },
];

/** Everything that is known to have happened to a person, from every room that keeps something of it, latest first. */
@Injectable()
export class MemberTimelineModel {
  constructor(private readonly database: Database) {}

  /** `members`: the number that is left after merges, and those that were merged into it. */
  async page(members: readonly number[], { limit, cursor }: PageRequest): Promise<Page<TimelineLine>> {
    checkLimit(limit);
    const before = cursor ? positionOf(cursor) : null;
    const parts = SOURCES.map(({ key, columns, from }): { sql: string; params: SqlValue[] } => {
      const at = from === 'member_tags' ? 'added_at' : from === 'complaints' ? 'opened_at' : 'at';
      const after = before ? `AND ${at} <= ? AND (${at} < ? OR ${key} < ?)` : '';
      return {
        sql: `SELECT ${key} AS event_key, ${columns} FROM ${from}
               WHERE member_id IN (${placeholders(members)}) ${after} ORDER BY ${at} DESC, event_key DESC LIMIT ?`,
        params: [...members, ...(before ? [before.at, before.at, before.key] : []), limit + 1],
      };
    });
    const rows = await this.database.query<Raw>(
      `${parts.map(({ sql }) => `(${sql})`).join(' UNION ALL ')} ORDER BY at DESC, event_key DESC LIMIT ?`,
      [...parts.flatMap(({ params }) => params), limit + 1],
    );
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    return {
      items: shown.map(lineOf),
      nextCursor: rows.length > limit && last ? writeCursor([last.at.toISOString(), textOf(last.event_key)]) : null,
    };
  }
}

function positionOf(cursor: string): { at: Date; key: string } {
  const [at, key] = readCursor(cursor, 2);
  const instant = new Date(String(at));
  if (Number.isNaN(instant.getTime()) || typeof key !== 'string') {
    throw new Rejected('bad_cursor', '翻页标记无效，请从第一页重新开始', 400);
  }
  return { at: instant, key };
}

function lineOf(raw: Raw): TimelineLine {
  return {
    kind: textOf(raw.kind),
    at: raw.at,
    amountFen: Number(raw.amount_fen),
    spendFen: Number(raw.spend_fen),
    adcode: raw.adcode,
    data: raw.data === null ? null : (JSON.parse(textOf(raw.data)) as TimelineLine['data']),
  };
}
