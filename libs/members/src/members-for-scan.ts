import { Injectable } from '@nestjs/common';
import { placeholders, type Reader } from '@app/database';
import { memberId, type MemberId } from '@app/kernel';
import type { CompiledAudience } from './audiences/audience';
import { AudienceCatalog } from './audiences/audience-catalog';
import { AudiencesRepository } from './audiences/audiences.repository';
import { audienceFacts } from './audiences/member-fields';
import { memberColumns, memberRow, type MemberRow, type RawMember } from './members.repository';
import { tagsOfColumn } from './tags/member-tags.repository';
import type { TierKey } from './tier';

/** What a decision may know of a member. */
export interface MemberFacts {
  readonly tier: TierKey;
  /** No consumed code in the totals yet. They follow the scans by a moment: whoever holds the locked counters knows better. */
  readonly isNew: boolean;
  readonly createdAt: Date;
  /** The member that is left after a merge, whose facts these are. */
  readonly mergedInto: MemberId | null;
  readonly tags: readonly string[];
  /** Those of the audiences asked about that the member is in; null = unknown, because one of them cannot be asked. */
  readonly audiences: readonly number[] | null;
  readonly phoneBound: boolean;
  /** Follows the official account; null = WeChat never told. */
  readonly follows: boolean | null;
}

/** One member as read: `row` is of the member that is left, `asked` the number it was asked for under. */
interface Found {
  readonly asked: MemberId;
  readonly mergedInto: MemberId | null;
  readonly row: MemberRow;
  readonly tags: readonly string[];
  readonly readAt: Date;
}

const NOBODY: ReadonlyMap<MemberId, readonly number[]> = new Map();

@Injectable()
export class MembersForScan {
  constructor(
    private readonly audiences: AudiencesRepository,
    private readonly catalog: AudienceCatalog,
  ) {}

  /** Of these numbers those that were merged into another member, with the member that is left. */
  async mergedAmong(reader: Reader, ids: readonly MemberId[]): Promise<Map<MemberId, MemberId>> {
    if (ids.length === 0) return new Map();
    const rows = await reader.query<{ id: string; left: string }>(
      `SELECT id, merged_into AS \`left\` FROM members WHERE id IN (${placeholders(ids)}) AND merged_into IS NOT NULL`,
      ids,
    );
    return new Map(rows.map(({ id, left }) => [memberId(id), memberId(left)]));
  }

  /**
   * Facts of many members, unknown members missing: one statement; one more when an audience is a list, and one every two seconds for
   * changed audiences. `at` is the instant that days are counted to, the database's time when left out.
   */
  async readMembersForScan(
    reader: Reader,
    ids: readonly MemberId[],
    audienceIds: readonly number[] = [],
    at?: Date,
  ): Promise<Map<MemberId, MemberFacts>> {
    if (ids.length === 0) return new Map();
    const found = await this.read(reader, [...new Set(ids)]);
    const asked = [...new Set(audienceIds)];
    const audiences = asked.length === 0 ? [] : await this.catalog.byIds(reader, asked);
    const lists = await this.listsOf(reader, found, audiences);
    return new Map(found.map((one) => [one.asked, factsOf(one, audiences, lists.get(one.row.id) ?? [], at)]));
  }

  private async read(reader: Reader, ids: readonly MemberId[]): Promise<Found[]> {
    const rows = await reader.query<
      RawMember & { asked: string; merged: string | null; tags: Buffer | null; now: Date }
    >(
      `SELECT a.id AS asked, a.merged_into AS merged, ${memberColumns('m')}, m.tags, UTC_TIMESTAMP(6) AS now
         FROM members a JOIN members m ON m.id = COALESCE(a.merged_into, a.id) WHERE a.id IN (${placeholders(ids)})`,
      ids,
    );
    return rows.map((raw) => ({
      asked: memberId(raw.asked),
      mergedInto: raw.merged === null ? null : memberId(raw.merged),
      row: memberRow(raw),
      tags: tagsOfColumn(raw.tags),
      readAt: raw.now,
    }));
  }

  private async listsOf(
    reader: Reader,
    found: readonly Found[],
    audiences: readonly (CompiledAudience | null)[],
  ): Promise<ReadonlyMap<MemberId, readonly number[]>> {
    const lists = audiences.flatMap((audience) => (audience?.matches === null ? [audience.id] : []));
    if (lists.length === 0 || found.length === 0) return NOBODY;
    return this.audiences.listsOf(reader, [...new Set(found.map(({ row }) => row.id))], lists);
  }
}

function factsOf(
  { row, mergedInto, tags, readAt }: Found,
  audiences: readonly (CompiledAudience | null)[],
  listed: readonly number[],
  at: Date | undefined,
): MemberFacts {
  return {
    tier: row.standing.tier,
    isNew: row.totals.codes === 0,
    createdAt: row.createdAt,
    mergedInto,
    tags,
    audiences: audiencesOf(row, tags, audiences, listed, at ?? readAt),
    phoneBound: row.phoneBound,
    follows: row.follows,
  };
}

function audiencesOf(
  row: MemberRow,
  tags: readonly string[],
  audiences: readonly (CompiledAudience | null)[],
  listed: readonly number[],
  at: Date,
): number[] | null {
  const facts = audienceFacts(row, tags, at);
  const inside: number[] = [];
  for (const audience of audiences) {
    // A rule that says "not in this audience" must not pay everybody because the audience cannot be asked.
    if (audience === null) return null;
    const belongs = audience.matches === null ? listed.includes(audience.id) : audience.matches(facts) === 'true';
    if (belongs) inside.push(audience.id);
  }
  return inside;
}
