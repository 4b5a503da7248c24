import { Inject, Injectable } from '@nestjs/common';
import { Database, isDuplicate, UnitOfWork, type Tx } from '@app/database';
import { HandlesJob, type Delivery, type JobHandler } from '@app/jobs';
import { Transient, type CodeTriple, type MemberId } from '@app/kernel';
import { MemberDirectory } from '@app/members';
import { LOGGER, type Logger } from '@app/observability';
import { payoutKeyOf, type AwardRow } from '../award';
import { Awards } from '../awards.repository';
import { TakenMeanwhile } from '../pools/pool-money';
import { PlanReminders } from '../reminders/plan-reminders';
import { AwardsWon } from './awards-won.job';
import { PayAtAward } from './pay-at-award';

type Numbers = ReadonlyMap<MemberId, readonly MemberId[]>;

/**
 * Money was won. The row is done in the transaction that asks for the money, so it is asked for once. The awards of a group of scans
 * are strangers to each other: when one of them cannot be handled the others are, each by itself.
 */
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
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Throws the trouble of a bad award after the others were handled; Transient when somebody tapped at this very moment. */
  async handle(payload: { awards: string[] }, delivery: Delivery): Promise<void> {
    const found = await this.awards.ofCodes(this.database, payload.awards.map(codeOf));
    const awards = found.filter(({ amountFen, budgetId }) => amountFen > 0 && budgetId !== null).sort(byKey);
    try {
      await this.run(awards, (tx) => delivery.completeIn(tx));
    } catch (error) {
      if (error instanceof Transient) throw error;
      await this.oneByOne(awards);
      await this.unitOfWork.run((tx) => delivery.completeIn(tx));
    }
  }

  /** A delivery that comes again finds the money of the good ones asked for, and their reminders planned. */
  private async oneByOne(awards: readonly AwardRow[]): Promise<void> {
    const troubles: unknown[] = [];
    for (const award of awards) {
      try {
        await this.run([award], () => Promise.resolve(true));
      } catch (error) {
        troubles.push(error);
        this.log.warn({ err: error, payoutKey: payoutKeyOf(award) }, 'award.not_paid');
      }
    }
    // A bug outranks bad luck: it counts as an attempt, and people see it in the end.
    const worst = troubles.find((error) => !(error instanceof Transient)) ?? troubles[0];
    if (worst !== undefined) throw worst;
  }

  private async run(awards: readonly AwardRow[], first: (tx: Tx) => Promise<boolean>): Promise<void> {
    const numbers = await this.numbersOf(awards);
    try {
      await this.unitOfWork.run(async (tx) => {
        if (!(await first(tx))) return;
        await this.plan.won(tx, await this.pay.run(tx, awards, numbers));
      });
    } catch (error) {
      throw error instanceof TakenMeanwhile || isDuplicate(error)
        ? new Transient('an award was claimed while it was being paid', 1, { cause: error })
        : error;
    }
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
