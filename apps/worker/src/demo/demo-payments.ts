import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@app/database';
import type { MemberId } from '@app/kernel';
import { DrivePayout, PayoutList, RefreshPayout, type PayoutItem } from '@app/payouts';
import { ClaimAward } from '@app/rewards';
import type { SandboxAdmin } from './sandbox-admin';

const AT_ONCE = 8;
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

  /** Returns how many confirmed within `budgetMs`; what WeChat has not finished by then is settled by the worker. */
  async run(
    wins: readonly { member: MemberId; awardId: string }[],
    sandbox: SandboxAdmin,
    budgetMs: number,
  ): Promise<number> {
    const end = performance.now() + budgetMs;
    // Those of an earlier run have forgotten theirs for good.
    const before = await this.payouts.page({ limit: 100, state: 'WAIT_USER' });
    const seen = new Set(before.items.map(({ payoutKey }) => payoutKey));
    let confirmed = 0;
    for (let start = 0; start < wins.length && performance.now() < end; start += AT_ONCE) {
      const group = wins.slice(start, start + AT_ONCE);
      await Promise.all(group.map(({ member, awardId }) => this.claimAward.run(member, awardId)));
      await this.drive('PENDING');
      const waiting = await this.payouts.page({ limit: 100, state: 'WAIT_USER' });
      const fresh = waiting.items.filter(({ payoutKey }) => !seen.has(payoutKey));
      for (const { payoutKey } of fresh) seen.add(payoutKey);
      const taking = fresh.filter(({ payoutKey }) => Number(payoutKey.split(':')[2]) % FORGETS_EVERY !== 0);
      await Promise.all(taking.map((payout) => this.confirm(payout, sandbox)));
      confirmed += taking.length;
    }
    return confirmed;
  }

  private async drive(state: 'PENDING'): Promise<void> {
    const { items } = await this.payouts.page({ limit: 100, state });
    await Promise.all(items.map(({ payoutKey }) => this.drivePayout.run(payoutKey)));
  }

  /** The person confirms; then we ask WeChat, as when the page comes back from its dialog. */
  private async confirm({ billNo, payoutKey }: PayoutItem, sandbox: SandboxAdmin): Promise<void> {
    if (billNo === null) return;
    await sandbox.confirm(billNo);
    await this.unitOfWork.run((tx) => this.refreshPayout.run(tx, payoutKey));
    await this.drivePayout.run(payoutKey);
  }
}
