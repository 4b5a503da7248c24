import { Injectable } from '@nestjs/common';
import { Database } from '@app/database';
import { checkLimit, memberId, readCursor, Rejected, writeCursor, type Page, type PageRequest } from '@app/kernel';
import { MemberDirectory } from '@app/members';
import type { ComplaintState } from './complaint-state';
import { ComplaintsRepository, type ComplaintMessage, type ComplaintRow } from './complaints.repository';
import type { Photo } from './photo';

export interface ComplaintItem extends Omit<ComplaintRow, 'member'> {
  readonly memberId: number;
  /** The beginning of what the member wrote first. */
  readonly beginning: string;
}

export interface ComplaintDetail extends ComplaintItem {
  /** In the order they were written. */
  readonly conversation: readonly ComplaintMessage[];
}

const BEGINNING = 60;
/** In the place of words that went with their writer. */
const GONE = '（内容已随会员注销删除）';

/** Complaints as the service desk reads them. */
@Injectable()
export class ComplaintDesk {
  constructor(
    private readonly database: Database,
    private readonly complaints: ComplaintsRepository,
    private readonly members: MemberDirectory,
  ) {}

  /** Newest first; of one state or one member when asked. */
  async page({
    limit,
    cursor,
    state,
    memberId: member,
  }: PageRequest & { state?: ComplaintState; memberId?: number }): Promise<Page<ComplaintItem>> {
    checkLimit(limit);
    const before = cursor ? Number(readCursor(cursor, 1)[0]) : Number.MAX_SAFE_INTEGER;
    const members = member === undefined ? undefined : await this.members.numbersOf(memberId(member));
    const rows = await this.complaints.page(this.database, { state, members }, before, limit + 1);
    const shown = rows.slice(0, limit);
    const words = await this.complaints.beginnings(
      this.database,
      shown.map(({ id }) => id),
    );
    return {
      items: shown.map((row) => itemOf(row, words.get(row.id) ?? GONE)),
      nextCursor: rows.length > limit ? writeCursor([shown.at(-1)!.id]) : null,
    };
  }

  /** Throws Rejected 404. */
  async one(id: number): Promise<ComplaintDetail> {
    const row = await this.complaints.find(this.database, id);
    if (!row) throw new Rejected('no_such_complaint', '没有这条投诉', 404);
    const conversation = await this.complaints.messages(this.database, id);
    return { ...itemOf(row, conversation[0]?.text ?? GONE), conversation };
  }

  /** `position` from 0. Throws Rejected 404. */
  async photo(id: number, position: number): Promise<Photo> {
    const photo = await this.complaints.photo(this.database, id, position);
    if (!photo) throw new Rejected('no_such_photo', '没有这张照片', 404);
    return photo;
  }
}

function itemOf({ member, ...row }: ComplaintRow, words: string): ComplaintItem {
  const letters = [...words.replaceAll('\n', ' ')];
  const beginning = letters.length > BEGINNING ? `${letters.slice(0, BEGINNING).join('')}…` : letters.join('');
  return { ...row, memberId: member, beginning };
}
