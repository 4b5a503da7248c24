/** What `requestMerchantTransfer` takes. */
export class TransferConfirmDto {
  mchId: string;
  appId: string;
  package: string;
}

export class AwardDto {
  awardId: string;
  kind: 'cash' | 'nothing';
  prizeName: string;
  /** Null unless the prize is money. */
  amountFen: number | null;
  campaignName: string;
  /** ISO 8601, UTC. */
  wonAt: string;
  state: 'ready' | 'preparing' | 'confirm' | 'processing' | 'settled' | 'expired' | 'failed' | 'none';
  /** Two to four characters for a badge. */
  stateText: string;
  /** One sentence: where the money is, what to tap. */
  hint: string | null;
  confirm: TransferConfirmDto | null;
  /** When WeChat closes what waits for a tap. ISO 8601, UTC. */
  expiresAt: string | null;
}

export class AwardPageDto {
  items: AwardDto[];
  nextCursor: string | null;
}
