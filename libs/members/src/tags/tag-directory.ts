import { Injectable } from '@nestjs/common';
import type { Scope } from '@app/analytics';
import { Database } from '@app/database';
import { checkLimit, readCursor, writeCursor, type Page, type PageRequest } from '@app/kernel';
import { headquartersOnly } from '../rights';
import { MemberTagsRepository, type KnownTag } from './member-tags.repository';

/** The tags that members have. A tag that nobody has any more is not there. */
@Injectable()
export class TagDirectory {
  constructor(
    private readonly database: Database,
    private readonly tags: MemberTagsRepository,
  ) {}

  /** In byte order, with counts. */
  async list(scope: Scope, { limit, cursor }: PageRequest): Promise<Page<KnownTag>> {
    headquartersOnly(scope);
    checkLimit(limit);
    const after = cursor ? String(readCursor(cursor, 1)[0]) : '';
    const rows = await this.tags.known(this.database, after, limit + 1);
    const items = rows.slice(0, limit);
    return { items, nextCursor: rows.length > limit ? writeCursor([items.at(-1)!.tag]) : null };
  }
}
