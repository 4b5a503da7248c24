import type { CodeTriple, Fen, MemberId } from '@app/kernel';

/** Names an award: the code that won, and its claim slot. */
export interface AwardKey {
  readonly code: CodeTriple;
  readonly slot: number;
}

/** A prize that a store handed over. Written once, never changed. */
export interface Redemption extends AwardKey {
  readonly storeId: number;
  /** Of the store at that moment. */
  readonly distributorId: number;
  readonly clerkId: number;
  /** Who won it. */
  readonly member: MemberId;
  readonly productId: number;
  readonly campaignId: number;
  readonly prizeName: string;
  readonly valueFen: Fen;
  /** What the store collected. */
  readonly coPayFen: Fen;
  /** Of the tap: the same one again gets the same answer. */
  readonly requestId: string;
  readonly redeemedAt: Date;
}

/** As lists show it. */
export interface RedemptionItem extends Redemption {
  readonly storeName: string;
  readonly productName: string;
}

export interface DayTotal {
  readonly units: number;
  readonly coPayFen: number;
}
