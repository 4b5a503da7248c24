import { Injectable } from '@nestjs/common';
import { Database, UnitOfWork, type Tx } from '@app/database';
import { HandlesJob, type Delivery, type JobHandler } from '@app/jobs';
import type { CodeTriple, MemberId } from '@app/kernel';
import { MemberDirectory } from '@app/members';
import { payoutKeyOf, type AwardRow } from '../award';
import { Awards } from '../awards.repository';
import { PlanReminders } from '../reminders/plan-reminders';
import { AwardsWon } from './awards-won.job';
import { PayAtAward } from './pay-at-award';

type Numbers = ReadonlyMap<MemberId, readonly MemberId[]>;

/** Money was won. The row is done in the transaction that asks for the money, so it is asked for once. */
@HandlesJob(AwardsWon)
@Injectable()
export class AwardsWonHandler implements JobHandler<{ awards: string[] }> {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly members: MemberDirectory,
    private readonly awards: Awards,
    private readonly pay: PayAtAward,
    private readonly plan: PlanReminders,
  ) {}

  async handle(payload: { awards: string[] }, delivery: Delivery): Promise<void> {
    const found = await this.awards.ofCodes(this.database, payload.awards.map(codeOf));
    const awards = found.filter(({ amountFen, budgetId }) => amountFen > 0 && budgetId !== null).sort(byKey);
    const numbers = await this.numbersOf(awards);
    await this.unitOfWork.run(async (tx) => {
      if (await delivery.completeIn(tx)) await this.run(tx, awards, numbers);
    });
  }

  private async run(tx: Tx, awards: readonly AwardRow[], numbers: Numbers): Promise<void> {
    const loose = await this.pay.run(tx, awards, numbers);
    await this.plan.won(tx, loose);
  }

  private async numbersOf(awards: readonly AwardRow[]): Promise<Numbers> {
    const numbers = new Map<MemberId, readonly MemberId[]>();
    for (const member of new Set(awards.map((award) => award.member))) {
      numbers.set(member, await this.members.numbersOf(member));
    }
    return numbers;
  }
}

function codeOf(key: string): CodeTriple {
  const [batch, layer, serial] = key.split(':').map(Number);
  return { batch: batch!, layer: layer!, serial: serial! };
}

/** Payouts are locked in the order of their keys, everywhere. */
function byKey(one: AwardRow, other: AwardRow): number {
  return payoutKeyOf(one) < payoutKeyOf(other) ? -1 : 1;
}
