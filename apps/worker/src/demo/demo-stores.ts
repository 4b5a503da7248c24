import { Injectable } from '@nestjs/common';
import { issueScope } from '@app/analytics';
import {
  BindClerk,
  DecideClerk,
  DistributorDirectory,
  KeepStores,
  StoreBindings,
  StoreDirectory,
  type Store,
} from '@app/channel';
import { SignIn } from '@app/members';
import { DEMO_CLERKS, DEMO_STORES } from './demo-store-list';

const NATIONAL = issueScope({ kind: 'national' });
/** The last ones have only just scanned the store's QR. */
const WAITING = 2;

export interface StaffedStore extends Store {
  readonly clerkId: number;
}

/** Shops that hand prizes over, and the people behind their counters. */
@Injectable()
export class DemoStores {
  constructor(
    private readonly distributors: DistributorDirectory,
    private readonly stores: StoreDirectory,
    private readonly keep: KeepStores,
    private readonly signIn: SignIn,
    private readonly bindings: StoreBindings,
    private readonly binding: BindClerk,
    private readonly decide: DecideClerk,
  ) {}

  /** Opens the shops that are not there yet. Before the campaigns: a prize that no store redeems is not published. */
  async run(): Promise<void> {
    const distributors = (await this.distributors.list(NATIONAL, { limit: 100 })).items;
    const known = new Set((await this.all()).map(({ name }) => name));
    for (const { distributor, ...wish } of DEMO_STORES) {
      const owner = distributors.find(({ name }) => name === distributor);
      if (owner && !known.has(wish.name)) await this.keep.open(null, owner.id, wish);
    }
  }

  /** People of the stand-in WeChat bind by the stores' QRs. Returns the stores that can redeem now. */
  async staff(openids: readonly string[]): Promise<StaffedStore[]> {
    const staffed: StaffedStore[] = [];
    for (const [index, store] of (await this.all()).entries()) {
      const [name, openid] = [DEMO_CLERKS[index], openids[index]];
      if (name === undefined || openid === undefined) break;
      const member = await this.signIn.run({ openid });
      const { clerk } = await this.binding.ask(this.bindings.make(store.id, 1), [member], name);
      if (index >= DEMO_CLERKS.length - WAITING) continue;
      if (clerk.state === 'waiting') await this.decide.run(null, clerk.id, 'confirm');
      staffed.push({ ...store, clerkId: clerk.id });
    }
    return staffed;
  }

  private async all(): Promise<Store[]> {
    return (await this.stores.list(NATIONAL, { limit: 100 })).items;
  }
}
