import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { databaseNow, type Tx } from '@app/database';
import { Defect, type MemberId } from '@app/kernel';
import { PayoutViews } from '@app/payouts';
import { decentTime, mayRemind, stepOf, waitOf, type Rung } from './ladder';
import { Reminders, type PlannedReminder } from './reminders.repository';

interface Waiting {
  readonly payoutKey: string;
  readonly memberId: MemberId;
}

/** Sets the first rung of a ladder; each rung plans the next one when it is done. Nothing is written where nobody can be reached. */
@Injectable()
export class PlanReminders {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly payouts: PayoutViews,
    private readonly reminders: Reminders,
  ) {}

  /** Money was won that waits for a tap. */
  async won(tx: Tx, loose: readonly Waiting[]): Promise<void> {
    if (loose.length === 0 || !mayRemind(this.config)) return;
    await this.plan(
      tx,
      loose.map((one) => ({ ...one, offerNo: 0 })),
      { kind: 'unclaimed', nth: 1 },
    );
  }

  /** Money was asked for: whoever must confirm it is reminded of that, everybody else only when it comes back. */
  async asked(tx: Tx, { payoutKey, memberId }: Waiting): Promise<void> {
    if (!mayRemind(this.config)) return;
    const payout = (await this.payouts.payoutViews([payoutKey], tx)).get(payoutKey);
    if (!payout) throw new Defect('a payout that was asked for and is not there');
    const kind = payout.channel === 'transfer_confirm_v3' ? 'confirm' : 'returned';
    await this.plan(tx, [{ payoutKey, memberId, offerNo: payout.offerNo }], { kind, nth: 1 });
  }

  /** What follows after `rung` was reached; the last of one ladder leads to the next ladder or to nothing. */
  async next(tx: Tx, one: Waiting & { readonly offerNo: number }, rung: Rung): Promise<void> {
    const same: Rung = { kind: rung.kind, nth: rung.nth + 1 };
    if (waitOf(same, this.config.waits) !== null)
      return this.plan(tx, [one], same, waitOf(rung, this.config.waits) ?? 0);
    if (rung.kind === 'confirm') await this.plan(tx, [one], { kind: 'returned', nth: 1 });
  }

  private async plan(
    tx: Tx,
    ones: readonly (Waiting & { readonly offerNo: number })[],
    rung: Rung,
    alreadyWaitedMs = 0,
  ): Promise<void> {
    const waitMs = waitOf(rung, this.config.waits);
    if (waitMs === null) return;
    const at = new Date((await databaseNow(tx)).getTime() + Math.max(waitMs - alreadyWaitedMs, 0));
    const dueAt = decentTime(at, this.config.waits.remindHours);
    const step = stepOf(rung);
    const planned: PlannedReminder[] = ones.map(({ payoutKey, memberId, offerNo }) => ({
      ...{ payoutKey, memberId, offerNo, step, dueAt },
    }));
    await this.reminders.plan(tx, planned);
  }
}
