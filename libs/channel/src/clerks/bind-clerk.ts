import { Injectable } from '@nestjs/common';
import { Database, UnitOfWork, type Reader } from '@app/database';
import { Rejected, type MemberId } from '@app/kernel';
import { MemberPresence } from '@app/members';
import type { Store } from '../stores/store';
import { StoresRepository } from '../stores/stores.repository';
import { checkedClerkName, type Clerk } from './clerk';
import { ClerksRepository } from './clerks.repository';
import { StoreBindings } from './store-bindings';

/** A person opens the store's QR and asks to be its clerk; headquarters or the distributor decides. */
@Injectable()
export class BindClerk {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly stores: StoresRepository,
    private readonly clerks: ClerksRepository,
    private readonly bindings: StoreBindings,
    private readonly presence: MemberPresence,
  ) {}

  /** The store behind a QR, and how this person stands there. Throws Rejected `no_binding` (404), `store_closed` (409). */
  async look(token: string, members: readonly MemberId[]): Promise<{ store: Store; clerk: Clerk | null }> {
    const store = await this.storeOf(this.database, token);
    const posts = await this.clerks.ofMembers(this.database, members);
    return { store, clerk: posts.find(({ storeId }) => storeId === store.id) ?? null };
  }

  /** Asking again while one waits or works there changes nothing. Throws Rejected as `look`, and 422 for a bad name. */
  async ask(token: string, members: readonly MemberId[], name: string): Promise<{ store: Store; clerk: Clerk }> {
    const checked = checkedClerkName(name);
    await this.unitOfWork.run(async (tx) => {
      await this.presence.require(tx, members[0]!);
      const store = await this.storeOf(tx, token);
      const posts = await this.clerks.ofMembers(tx, members);
      const here = posts.find(({ storeId }) => storeId === store.id);
      // Under the number that the person had there, so that a merge makes no second clerk.
      await this.clerks.ask(tx, store.id, here?.member ?? members[0]!, checked);
    });
    const { store, clerk } = await this.look(token, members);
    return { store, clerk: clerk! };
  }

  private async storeOf(reader: Reader, token: string): Promise<Store> {
    const named = this.bindings.read(token);
    const store = named && (await this.stores.find(reader, named.storeId));
    if (!named || !store || (await this.stores.bindingNo(reader, store.id)) !== named.no) {
      throw new Rejected('no_binding', '这个门店码已经失效，请让店里或经销商出示新的', 404);
    }
    if (store.status === 'closed') throw new Rejected('store_closed', '这家门店已停业，不能绑定', 409);
    return store;
  }
}
