import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@app/database';
import { Outbox } from '@app/jobs';
import type { MemberId } from '@app/kernel';
import { MemberDirectory } from '@app/members';
import { AuthorisationsRepository, type AuthorisationChange } from './authorisations.repository';
import { AdvanceAuthorisation } from './jobs';

/** What a person wants of an agreement that is not over, under whichever of the person's numbers it was made. */
@Injectable()
export class ChangeAuthorisation {
  constructor(
    private readonly members: MemberDirectory,
    private readonly unitOfWork: UnitOfWork,
    private readonly rows: AuthorisationsRepository,
    private readonly outbox: Outbox,
  ) {}

  /** A page came back from WeChat's dialog, whatever that said: the worker asks WeChat now. */
  async lookAgain(member: MemberId): Promise<void> {
    await this.write(member, { nextInMs: 0 });
  }

  /**
   * The person takes it back. From this commit on no new payout uses it; WeChat is told by the worker until it says CLOSED. Returns
   * whether there was one to end.
   */
  async end(member: MemberId): Promise<boolean> {
    return (await this.write(member, { wish: 'close', nextInMs: 0, checks: 0 })) > 0;
  }

  private async write(member: MemberId, change: AuthorisationChange): Promise<number> {
    const numbers = await this.members.numbersOf(member);
    return this.unitOfWork.run(async (tx) => {
      let written = 0;
      for (const outAuthorizationNo of await this.rows.openNumbers(tx, numbers)) {
        const row = await this.rows.find(tx, outAuthorizationNo, true);
        if (!row || row.state === 'CLOSED') continue;
        await this.rows.change(tx, row, null, change);
        await this.outbox.append(tx, AdvanceAuthorisation, { outAuthorizationNo });
        written++;
      }
      return written;
    });
  }
}
