import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '@app/database';
import { Defect, type MemberId } from '@app/kernel';

/** The libraries that keep something of a person beside this one. An erasure that one of them missed would be none. */
export const ERASURE_ROOMS = ['payouts', 'channel', 'rewards', 'service'] as const;
export type ErasureRoom = (typeof ERASURE_ROOMS)[number];

/** Something the person will not have any more, in a sentence of its own. */
export interface ErasureLoss {
  readonly what: 'money' | 'pool' | 'coupon' | 'goods' | 'redeem' | 'packet' | 'authorisation' | 'post' | 'complaint';
  readonly words: string;
}

/** Something that is under way and would be lost on the way; `words` say what it is and when it is over. */
export interface ErasureBlock {
  readonly what: 'money' | 'parcel';
  readonly words: string;
}

/** One person who goes. */
export interface Erasure {
  /** Every number of the person, the one that is left after merges first. */
  readonly numbers: readonly MemberId[];
  /** One keyed hash for each WeChat account of the person, good for nothing but counting limits. */
  readonly marks: readonly Buffer[];
  readonly at: Date;
}

/** What a library does when a person goes. */
export interface ErasureHolder {
  readonly room: ErasureRoom;
  /** Told before the person decides; read outside of any transaction. */
  losses(numbers: readonly MemberId[]): Promise<readonly ErasureLoss[]>;
  /** Why not now. Asked again inside the erasing transaction, with the members' rows locked. */
  blocks(reader: Reader, numbers: readonly MemberId[]): Promise<readonly ErasureBlock[]>;
  /** Forgets, in the erasing transaction. Doing it twice is doing it once. */
  forget(tx: Tx, erasure: Erasure): Promise<void>;
}

/** They know members; members do not know them. */
@Injectable()
export class ErasureHolders {
  private readonly holders = new Map<ErasureRoom, ErasureHolder>();

  /** Once, when the application starts. */
  add(holder: ErasureHolder): void {
    this.holders.set(holder.room, holder);
  }

  /** All of them, in the order of the table. Throws Defect when one is not in this process. */
  all(): readonly ErasureHolder[] {
    return ERASURE_ROOMS.map((room) => {
      const holder = this.holders.get(room);
      if (!holder) throw new Defect(`nobody forgets for ${room} in this process`);
      return holder;
    });
  }
}
