import { ApiProperty } from '@nestjs/swagger';
import { EVIDENCE_KINDS, PAYOUT_STATES, type EvidenceKind, type PayoutState } from '@app/payouts';
import { MoneyPersonDto } from './money-cases.dto';

export class EvidencePayoutDto {
  memberId: number;
  campaignId: number;
  versionId: number;
  budgetId: number;
  amountFen: number;
  channel: string;
  mchId: string;
  @ApiProperty({ enum: PAYOUT_STATES })
  state: PayoutState;
  offerNo: number;
  attemptNo: number;
  moveNo: number;
  billNo: string | null;
  nextAt: Date | null;
  billExpiresAt: Date | null;
  failReason: string | null;
  offeredAt: Date;
  settledAt: Date | null;
  /** Why it stands where it stands. */
  reason: string;
  /** What happens next by itself. */
  next: string;
  at: Date | null;
}

export class EvidenceCampaignDto {
  id: number;
  name: string;
  versionId: number;
  versionNo: number | null;
  contentHash: string | null;
  authorId: number | null;
  approverId: number | null;
}

export class EvidenceAwardDto {
  /** `batch:layer:serial:slot`. */
  awardKey: string;
  memberId: number;
  scanId: string;
  scannedAt: Date | null;
  verdict: number | null;
  adcode: number | null;
  wonAt: Date;
  prizeKey: string;
  prizeName: string;
  prizeKind: string;
  amountFen: number;
  ruleKey: string;
  campaign: EvidenceCampaignDto;
  budgetId: number | null;
  openedAt: Date | null;
  releasedAt: Date | null;
  releaseReason: string | null;
}

export class EvidenceGrantDto {
  grantId: number;
  applicationNo: string;
  expenseAccount: string;
  costCenter: string;
  bearer: string;
  /** settle, refund */
  act: string;
  offerNo: number;
  fen: number;
}

export class EvidenceEventDto {
  at: Date;
  @ApiProperty({ enum: EVIDENCE_KINDS })
  kind: EvidenceKind;
  words: string;
  /** Null: a machine, ours or WeChat's. */
  by: MoneyPersonDto | null;
  /** The row behind it, without personal data. */
  @ApiProperty({ type: 'object', additionalProperties: true })
  details: Readonly<Record<string, unknown>>;
}

export class PayoutDossierDto {
  payoutKey: string;
  at: Date;
  /** Null while nobody asked for the money. */
  payout: EvidencePayoutDto | null;
  @ApiProperty({ type: [EvidenceAwardDto] })
  awards: readonly EvidenceAwardDto[];
  @ApiProperty({ type: [EvidenceGrantDto] })
  grants: readonly EvidenceGrantDto[];
  /** In the order of time. */
  @ApiProperty({ type: [EvidenceEventDto] })
  events: readonly EvidenceEventDto[];
  /** False when there was more of a kind than one answer shows; then the oldest of it is missing. */
  complete: boolean;
}
