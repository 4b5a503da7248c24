import { Injectable } from '@nestjs/common';
import { MemberTimelineModel, type Scope, type TimelineLine } from '@app/analytics';
import { Database, type SqlValue } from '@app/database';
import { checkLimit, readCursor, Rejected, writeCursor, type MemberId, type Page, type PageRequest } from '@app/kernel';
import { profileOf, type MemberProfile } from './member-profile';
import { MEMBER_COLUMNS, memberRow, MembersRepository, type RawMember } from './members.repository';
import { headquartersOnly } from './rights';
import { MemberTagsRepository } from './tags/member-tags.repository';
import type { TierKey } from './tier';

export type MemberOrder = 'recent' | 'spend';

/** What one line of a timeline says; `data` depends on the kind (batch, layer, serial, product, campaign, verdict of a scan …). */
export type TimelineEntry = TimelineLine;

/** The column a list is ordered by. A closed table: nothing of a request ever becomes SQL. */
const ORDER_COLUMN: Readonly<Record<MemberOrder, string>> = { recent: 'last_scan_at', spend: 'spend_fen' };

/** Reads of the member database: one's own profile, and the lists of the console. */
@Injectable()
export class MemberDirectory {
  constructor(
    private readonly database: Database,
    private readonly members: MembersRepository,
    private readonly memberTags: MemberTagsRepository,
    private readonly lines: MemberTimelineModel,
  ) {}

  /** The member's own profile, of the member that is left after a merge. Null for an unknown one and for one that was erased. */
  async own(member: MemberId): Promise<MemberProfile | null> {
    const found = await this.find(member);
    return found?.erasedAt === null ? found : null;
  }

  /** Every number that this person's scans and awards happened under: the one that is left after merges, and those merged into it. */
  async numbersOf(member: MemberId): Promise<readonly MemberId[]> {
    const [row] = await this.members.find(this.database, [member]);
    return this.members.idsCountingFor(this.database, row?.mergedInto ?? member);
  }

  /** For the console, erased members too. Personal records are headquarters' alone: any other scope is refused with 403. */
  async profile(scope: Scope, member: MemberId): Promise<MemberProfile | null> {
    headquartersOnly(scope);
    return this.find(member);
  }

  /** The tags of a member, in byte order. */
  async tags(scope: Scope, member: MemberId): Promise<string[]> {
    headquartersOnly(scope);
    return this.memberTags.of(this.database, member);
  }

  /** Members who scanned, latest first, or by 消费值, highest first; of one tier or with one tag when asked. */
  async list(
    scope: Scope,
    { limit, cursor, order = 'recent', tier, tag }: PageRequest & { order?: MemberOrder; tier?: TierKey; tag?: string },
  ): Promise<Page<MemberProfile>> {
    headquartersOnly(scope);
    checkLimit(limit);
    const column = ORDER_COLUMN[order];
    const where = ['merged_into IS NULL', `${column} ${order === 'recent' ? 'IS NOT NULL' : '> 0'}`];
    const params: SqlValue[] = [];
    if (tier) {
      where.push('tier = ?');
      params.push(tier);
    }
    if (tag !== undefined) {
      where.push('EXISTS (SELECT 1 FROM member_tags g WHERE g.tag = ? AND g.member_id = members.id)');
      params.push(tag);
    }
    if (cursor) {
      const [value, id] = readCursor(cursor, 2) as [string | number, number];
      const after = order === 'recent' ? new Date(value) : Number(value);
      if (Number.isNaN(Number(after)) || !Number.isSafeInteger(id))
        throw new Rejected('bad_cursor', '翻页标记无效，请从第一页重新开始', 400);
      where.push(`(${column} < ? OR (${column} = ? AND id < ?))`);
      params.push(after, after, id);
    }
    const rows = await this.database.query<RawMember>(
      `SELECT ${MEMBER_COLUMNS} FROM members WHERE ${where.join(' AND ')} ORDER BY ${column} DESC, id DESC LIMIT ?`,
      [...params, limit + 1],
    );
    const items = rows.slice(0, limit).map((raw) => profileOf(memberRow(raw)));
    const last = items.at(-1);
    const more = rows.length > limit && last !== undefined;
    const position = order === 'recent' ? last?.lastScanAt?.toISOString() : last?.spendFen;
    return { items, nextCursor: more ? writeCursor([position ?? null, last.memberId]) : null };
  }

  /** What happened to a member, latest first, merged members' lines included. */
  async timeline(scope: Scope, member: MemberId, page: PageRequest): Promise<Page<TimelineEntry>> {
    headquartersOnly(scope);
    return this.lines.page(await this.members.idsCountingFor(this.database, member), page);
  }

  private async find(member: MemberId): Promise<MemberProfile | null> {
    const [row] = await this.members.find(this.database, [member]);
    if (!row) return null;
    if (row.mergedInto === null) return profileOf(row);
    const [left] = await this.members.find(this.database, [row.mergedInto]);
    return left ? profileOf(left) : null;
  }
}
