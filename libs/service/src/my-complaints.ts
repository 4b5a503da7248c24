import { Injectable } from '@nestjs/common';
import { Database } from '@app/database';
import { checkLimit, readCursor, Rejected, writeCursor, type MemberId, type Page, type PageRequest } from '@app/kernel';
import { MemberDirectory } from '@app/members';
import type { ComplaintKind, ComplaintState } from './complaint-state';
import { ComplaintsRepository, type ComplaintRow } from './complaints.repository';

/** A complaint as the member who wrote it reads it: who of us replied is not told. */
export interface MyComplaint {
  readonly id: number;
  readonly kind: ComplaintKind;
  readonly state: ComplaintState;
  readonly photos: number;
  readonly openedAt: string;
  readonly messages: readonly { readonly mine: boolean; readonly text: string; readonly at: string }[];
}

@Injectable()
export class MyComplaints {
  constructor(
    private readonly database: Database,
    private readonly complaints: ComplaintsRepository,
    private readonly members: MemberDirectory,
  ) {}

  /** Newest first, each with all its words. */
  async list(member: MemberId, { limit, cursor }: PageRequest): Promise<Page<MyComplaint>> {
    checkLimit(limit);
    const before = cursor ? Number(readCursor(cursor, 1)[0]) : Number.MAX_SAFE_INTEGER;
    const numbers = await this.members.numbersOf(member);
    const rows = await this.complaints.page(this.database, { members: numbers }, before, limit + 1);
    const shown = rows.slice(0, limit);
    const items: MyComplaint[] = [];
    for (const row of shown) items.push(await this.told(row));
    return { items, nextCursor: rows.length > limit ? writeCursor([shown.at(-1)!.id]) : null };
  }

  /** How many there are, how many of them are open, and how many photos came with them. */
  async counts(member: MemberId): Promise<{ complaints: number; open: number; photos: number }> {
    return this.complaints.countsOf(this.database, await this.members.numbersOf(member));
  }

  /** Throws Rejected 404 for a foreign or unknown one, without telling which. */
  async one(member: MemberId, id: number): Promise<MyComplaint> {
    const numbers = await this.members.numbersOf(member);
    const row = await this.complaints.find(this.database, id);
    if (!row || !numbers.includes(row.member)) throw new Rejected('no_such_complaint', '没有找到这条反馈', 404);
    return this.told(row);
  }

  private async told({ id, kind, state, photos, openedAt }: ComplaintRow): Promise<MyComplaint> {
    const messages = await this.complaints.messages(this.database, id);
    const words = messages.map(({ operatorId, text, at }) => ({
      mine: operatorId === null,
      text,
      at: at.toISOString(),
    }));
    return { id, kind, state, photos, openedAt: openedAt.toISOString(), messages: words };
  }
}
