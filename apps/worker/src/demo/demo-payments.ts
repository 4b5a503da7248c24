import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@app/database';
import type { MemberId } from '@app/kernel';
import { DrivePayout, PayoutList, RefreshPayout } from '@app/payouts';
import { ClaimAward } from '@app/rewards';
import type { SandboxAdmin } from './sandbox-admin';

const AT_ONCE = 6;
/** Of ten people who tap, one forgets to confirm. */
const FORGETS_EVERY = 10;

/** Some of the winners take their money, through the real payout path and the stand-in WeChat: both ledgers agree from the start. */
@Injectable()
export class DemoPayments {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly claimAward: ClaimAward,
    private readonly drivePayout: DrivePayout,
    private readonly refreshPayout: RefreshPayout,
    private readonly payouts: PayoutList,
  ) {}

  /** Returns how many were paid in `budgetMs`. */
  async run(
    wins: readonly { member: MemberId; awardId: string }[],
    sandbox: SandboxAdmin,
    budgetMs: number,
  ): Promise<number> {
    const end = performance.now() + budgetMs;
    let claimed = 0;
    while (claimed < wins.length && performance.now() < end) {
      const group = wins.slice(claimed, claimed + AT_ONCE);
      await Promise.all(group.map(({ member, awardId }) => this.claimAward.run(member, awardId)));
      claimed += group.length;
      await this.drive('PENDING');
    }
    return this.confirmAll(sandbox, end);
  }

  private async drive(state: 'PENDING' | 'WAIT_USER'): Promise<void> {
    const { items } = await this.payouts.page({ limit: 100, state });
    await inTurns(items, ({ payoutKey }) => this.drivePayout.run(payoutKey));
  }

  private async confirmAll(sandbox: SandboxAdmin, end: number): Promise<number> {
    let paid = 0;
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<PayoutList['page']>> = await this.payouts.page({
        limit: 100,
        state: 'WAIT_USER',
        cursor,
      });
      const taking = page.items.filter((_, index) => index % FORGETS_EVERY !== 0);
      await inTurns(taking, async ({ billNo, payoutKey }) => {
        if (billNo === null || performance.now() > end) return;
        await sandbox.confirm(billNo);
        await this.unitOfWork.run((tx) => this.refreshPayout.run(tx, payoutKey));
        await this.drivePayout.run(payoutKey);
        paid++;
      });
      cursor = page.nextCursor;
    } while (cursor !== null && performance.now() < end);
    return paid;
  }
}

async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (let start = 0; start < items.length; start += AT_ONCE) {
    await Promise.all(items.slice(start, start + AT_ONCE).map(work));
  }
}
