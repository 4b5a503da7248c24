import { createHmac, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Scope } from '@app/analytics';
import { textQrSvg } from '@app/codes';
import { CONFIG, type Config } from '@app/config';
import { Database, UnitOfWork } from '@app/database';
import { crockford, Rejected } from '@app/kernel';
import { AuditLog, scopeOf, type Operator } from '@app/staff';
import { maySee } from '../rights';
import { StoresRepository } from '../stores/stores.repository';

const TAG_LENGTH = 16;
const PATTERN = /^S1-([0-9a-z]{1,7})-([0-9a-z]{1,7})-([0-9A-Z]{16})$/;

export interface StoreBinding {
  /** What the QR holds; opens in WeChat. */
  readonly url: string;
  /** How often the QR was renewed, from 1 on. */
  readonly no: number;
}

/**
 * The QR that a store shows its clerks. It names the store and a number that is raised to end all QRs before it; holding one only lets
 * a person ask, so it may hang on a wall.
 */
@Injectable()
export class StoreBindings {
  private readonly secret: Buffer;
  private readonly base: string;

  constructor(
    @Inject(CONFIG) { keys, http }: Config,
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly stores: StoresRepository,
    private readonly audit: AuditLog,
  ) {
    // Printed and hung up: it must come out the same for as long as the platform lives.
    this.secret = createHmac('sha256', keys.bill).update('store|binding').digest();
    this.base = http.publicUrl;
  }

  /** Throws Rejected 404 for a store that is not there or another distributor's. */
  async of(scope: Scope, storeId: number): Promise<StoreBinding> {
    const store = await this.stores.find(this.database, storeId);
    if (!store || !maySee(scope, store.distributorId)) throw noStore();
    const no = await this.stores.bindingNo(this.database, storeId);
    return { url: `${this.base}/h5/store/bind/${this.make(storeId, no)}`, no };
  }

  async svg(scope: Scope, storeId: number): Promise<string> {
    const { url } = await this.of(scope, storeId);
    return textQrSvg(url, 'M');
  }

  /** Ends the QR that is out and makes the next one. Clerks that are bound stay. Throws Rejected 404. */
  async renew(actor: Operator, storeId: number): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const store = await this.stores.lock(tx, storeId);
      if (!store || !maySee(scopeOf(actor), store.distributorId)) throw noStore();
      await this.stores.renewBinding(tx, storeId);
      await this.audit.append(tx, { actorId: actor.id, act: 'channel.renew-binding', object: `store:${storeId}` });
    });
  }

  make(storeId: number, no: number): string {
    const key = `S1-${storeId.toString(36)}-${no.toString(36)}`;
    return `${key}-${this.tag(key)}`;
  }

  /** What a token names, or null for one that we did not make. */
  read(token: string): { readonly storeId: number; readonly no: number } | null {
    const parts = PATTERN.exec(token);
    if (!parts) return null;
    const tag = this.tag(`S1-${parts[1]}-${parts[2]}`);
    if (!timingSafeEqual(Buffer.from(tag), Buffer.from(parts[3]!))) return null;
    return { storeId: Number.parseInt(parts[1]!, 36), no: Number.parseInt(parts[2]!, 36) };
  }

  private tag(key: string): string {
    return crockford(createHmac('sha256', this.secret).update(key).digest(), TAG_LENGTH);
  }
}

function noStore(): Rejected {
  return new Rejected('no_store', '没有这家门店', 404);
}
