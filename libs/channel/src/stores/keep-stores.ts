import { Injectable } from '@nestjs/common';
import { UnitOfWork, type Tx } from '@app/database';
import { Rejected } from '@app/kernel';
import { AuditLog, scopeOf, type Operator } from '@app/staff';
import { DistributorsRepository } from '../distributors.repository';
import { maySee } from '../rights';
import { checkedStore, type Store, type StoreStatus, type StoreWish } from './store';
import { StoresRepository } from './stores.repository';

/** Stores are opened, changed and closed by headquarters, and by a distributor for itself. Another's store is not there for it. */
@Injectable()
export class KeepStores {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly distributors: DistributorsRepository,
    private readonly stores: StoresRepository,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Returns the new id. `actor` null = the system itself. Throws Rejected 422 for an unknown distributor or product or a bad field, 409 for
   * a distributor that has ended.
   */
  async open(actor: Operator | null, distributorId: number, wish: StoreWish): Promise<number> {
    const wanted = checkedStore(wish);
    return this.unitOfWork.run(async (tx) => {
      const distributor = sees(actor, distributorId) ? await this.distributors.lock(tx, distributorId) : null;
      if (!distributor) throw new Rejected('no_distributor', '没有这个经销商', 422);
      if (distributor.status === 'ended') throw new Rejected('distributor_ended', '这个经销商已停止合作', 409);
      await this.checkProducts(tx, wanted);
      const id = await this.stores.insert(tx, distributorId, wanted, actor?.id ?? null);
      await this.record(tx, actor, 'channel.open-store', id, { after: { distributorId, ...wanted } });
      return id;
    });
  }

  /** Throws Rejected 404 for a store that is not there or another distributor's, 422 for a bad field. */
  async change(actor: Operator | null, id: number, wish: StoreWish): Promise<void> {
    const wanted = checkedStore(wish);
    await this.unitOfWork.run(async (tx) => {
      const { name, adcode, address, location, redeems } = await this.own(tx, actor, id);
      await this.checkProducts(tx, wanted);
      await this.stores.change(tx, id, wanted);
      const before = { name, adcode, address, location, redeems };
      await this.record(tx, actor, 'channel.change-store', id, { before, after: wanted });
    });
  }

  /** Closes a store or opens it again; asking for what it is already changes nothing. Throws Rejected 404. */
  async setStatus(actor: Operator | null, id: number, status: StoreStatus, reason?: string): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const before = await this.own(tx, actor, id);
      if (!(await this.stores.setStatus(tx, id, status))) return;
      const act = status === 'closed' ? 'channel.close-store' : 'channel.reopen-store';
      const change = { before: { status: before.status }, after: { status }, ...(reason ? { reason } : {}) };
      await this.record(tx, actor, act, id, change);
    });
  }

  private async own(tx: Tx, actor: Operator | null, id: number): Promise<Store> {
    const store = await this.stores.lock(tx, id);
    if (!store || !sees(actor, store.distributorId)) throw new Rejected('no_store', '没有这家门店', 404);
    return store;
  }

  private async checkProducts(tx: Tx, { redeems }: StoreWish): Promise<void> {
    const unknown = redeems === 'all' ? [] : await this.stores.unknownProducts(tx, redeems);
    if (unknown.length > 0) throw new Rejected('no_product', '有商品编号不存在', 422, { productIds: unknown });
  }

  private async record(
    tx: Tx,
    actor: Operator | null,
    act: string,
    id: number,
    change: { before?: unknown; after?: unknown; reason?: string },
  ): Promise<void> {
    await this.audit.append(tx, { actorId: actor?.id ?? null, act, object: `store:${id}`, ...change });
  }
}

function sees(actor: Operator | null, distributorId: number): boolean {
  return actor === null || maySee(scopeOf(actor), distributorId);
}
