import { Injectable } from '@nestjs/common';
import type { Tx } from '@app/database';
import type { MemberId } from '@app/kernel';

/** Does its part when a member begins; `mark` is the WeChat account's, as in an erasure. */
export type WelcomeNewcomer = (tx: Tx, member: MemberId, mark: Buffer) => Promise<void>;

/** Who wants to hear of new members, in the transaction that makes them. */
@Injectable()
export class Newcomers {
  private readonly welcomers: WelcomeNewcomer[] = [];

  /** Once, when the application starts. */
  add(welcomer: WelcomeNewcomer): void {
    this.welcomers.push(welcomer);
  }

  async run(tx: Tx, member: MemberId, mark: Buffer): Promise<void> {
    for (const welcome of this.welcomers) await welcome(tx, member, mark);
  }
}
