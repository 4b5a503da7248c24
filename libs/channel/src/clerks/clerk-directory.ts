import { Injectable } from '@nestjs/common';
import type { Scope } from '@app/analytics';
import { Database } from '@app/database';
import { checkLimit, readCursor, Rejected, writeCursor, type MemberId, type Page, type PageRequest } from '@app/kernel';
import type { Clerk, ClerkState } from './clerk';
import { ClerksRepository } from './clerks.repository';

@Injectable()
export class ClerkDirectory {
  constructor(
    private readonly database: Database,
    private readonly clerks: ClerksRepository,
  ) {}

  /** For the console, in the order in which they first asked. A distributor sees those of its own stores. */
  async list(
    scope: Scope,
    { limit, cursor, ...filter }: PageRequest & { state?: ClerkState; storeId?: number },
  ): Promise<Page<Clerk>> {
    checkLimit(limit);
    const own = scope.kind === 'distributor' ? { distributorId: scope.distributorId } : {};
    const after = cursor ? Number(readCursor(cursor, 1)[0]) : 0;
    const rows = await this.clerks.page(this.database, { ...filter, ...own }, after, limit + 1);
    const items = rows.slice(0, limit);
    return { items, nextCursor: rows.length > limit ? writeCursor([items.at(-1)!.id]) : null };
  }

  /** Every store that a person asked at. */
  posts(members: readonly MemberId[]): Promise<Clerk[]> {
    return this.clerks.ofMembers(this.database, members);
  }

  /** The person's active post at a store. Throws Rejected `not_a_clerk` (403), whether the store is there or not. */
  async requirePost(members: readonly MemberId[], storeId: number): Promise<Clerk> {
    const posts = await this.posts(members);
    const post = posts.find((clerk) => clerk.storeId === storeId && clerk.state === 'active');
    if (!post) throw notAClerk();
    return post;
  }
}

export function notAClerk(): Rejected {
  return new Rejected('not_a_clerk', '您还不是这家门店的在岗店员', 403);
}
