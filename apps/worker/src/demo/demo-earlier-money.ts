import { Injectable } from '@nestjs/common';
import type { DemoWin } from './demo-history';
import { DemoPayments } from './demo-payments';
import { PretendedClock } from './pretended-clock';
import type { SandboxAdmin } from './sandbox-admin';

const DAY_MS = 86_400_000;
/** So many days ago some winners took their money: by now the day has its bill file, and may be written off. */
const DAYS_AGO = 3;
/** They had won it in the days before. */
const WON_WITHIN_DAYS = 3;
const TOP_UP_FEN = 20_000_000;

/** When the earlier winners were paid, and when they had won. */
export interface EarlierTimes {
  readonly paidAt: Date;
  readonly won: { readonly from: Date; readonly to: Date };
}

export function earlierTimes(now: Date): EarlierTimes {
  const paidAt = new Date(now.getTime() - DAYS_AGO * DAY_MS);
  return { paidAt, won: { from: new Date(paidAt.getTime() - WON_WITHIN_DAYS * DAY_MS), to: paidAt } };
}

/** Payments of some days ago: both ledgers are told the same earlier time while they are made. */
@Injectable()
export class DemoEarlierMoney {
  constructor(
    private readonly clock: PretendedClock,
    private readonly payments: DemoPayments,
  ) {}

  /** Returns how many confirmed; none where the stand-in has a past of its own. Bills that nobody confirmed run out while the stand-in's clock comes back to the present. */
  async run(
    wins: readonly DemoWin[],
    times: EarlierTimes,
    sandbox: SandboxAdmin,
    { mchId, most, budgetMs }: { mchId: string; most: number; budgetMs: number },
  ): Promise<number> {
    if (await sandbox.hasBills()) return 0;
    const seconds = (DAYS_AGO * DAY_MS) / 1000;
    const theirs = wins.filter(({ wonAt }) => wonAt >= times.won.from && wonAt < times.won.to).slice(-most);
    await sandbox.rewind(seconds);
    // The file of that day says so, and so the books have it too.
    await sandbox.topUp(mchId, TOP_UP_FEN);
    const paid = await this.clock.at(times.paidAt, () => this.payments.run(theirs, sandbox, budgetMs));
    await sandbox.advance(seconds);
    return paid;
  }
}
