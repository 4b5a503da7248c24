import { Inject, Injectable } from '@nestjs/common';
import type { PayoutMode } from '@app/campaigns';
import { CONFIG, type Config } from '@app/config';
import { fen, type Fen } from '@app/kernel';
import { payoutFloorFen } from '@app/payouts';

/** No campaign lets amounts of this size gather (the linter refuses more), and no channel has a higher floor. */
export const GATHERS_BELOW_FEN = 100;
/** More would make a pool that one payment does not carry: 200 × 99 fen stay below 200 yuan. */
export const MOST_AWARDS_IN_A_POOL = 200;

/** How far an amount gathers before it is paid; null when it is paid by itself. Pure. */
export function gathersUntil(amountFen: number, mode: PayoutMode, floorFen: number): Fen | null {
  const until = Math.min(mode.mode === 'pooled' ? Math.max(mode.untilFen, floorFen) : floorFen, GATHERS_BELOW_FEN);
  return amountFen > 0 && amountFen < until ? fen(until) : null;
}

/** What gathers in this deployment: campaigns that say so, and whatever its accounts cannot pay out in one piece. */
@Injectable()
export class Pooling {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** How far an amount gathers; null when it is paid by itself. */
  until(amountFen: number, { payout }: { readonly payout: PayoutMode }): Fen | null {
    return gathersUntil(amountFen, payout, payoutFloorFen(this.config.wechat.merchants));
  }
}
