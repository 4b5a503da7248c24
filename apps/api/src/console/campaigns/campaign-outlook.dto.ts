import { ApiProperty } from '@nestjs/swagger';
import { CampaignLookDto } from '../../h5/scans/campaign-look.dto';

export class FindingDto {
  path: string;
  code: string;
  severity: 'error' | 'warning' | 'info';
  message: string;
  /** The law, WeChat rule or house rule behind it. */
  source: string;
}

/** `favour` is the consumer's view; what cannot be told counts as worse. */
export class ChangeDto {
  path: string;
  kind: 'added' | 'removed' | 'changed' | 'moved';
  @ApiProperty({ type: Object, nullable: true, description: 'The part itself, null where there was none' })
  before: unknown;
  @ApiProperty({ type: Object, nullable: true, description: 'The part itself, null where there is none' })
  after: unknown;
  sentence: string;
  favour: 'better' | 'worse' | 'neutral';
}

export class FoundBudgetDto {
  id: number;
  grantedFen: number;
  leftFen: number;
}

export class PrizeLiabilityDto {
  key: string;
  name: string;
  kind: 'cash' | 'locked' | 'coupon' | 'goods' | 'redeem' | 'nothing';
  fullCount: number;
  expectedCount: number;
  fullFen: number;
  expectedFen: number;
}

export class LiabilityDto {
  /** Nothing can cost more. */
  mostFen: number;
  /** 全部兑付: every code scanned. */
  fullFen: number;
  /** 预计兑付: at the assumed scan rate. */
  expectedFen: number;
  @ApiProperty({ type: [PrizeLiabilityDto] })
  perPrize: readonly PrizeLiabilityDto[];
}

export class OutlookDto {
  /** Issued codes on layers that pay consumers. */
  codesInScope: number;
  /** 扫码率 that the expected cost assumes. */
  scanRate: number;
  budget: FoundBudgetDto | null;
  liability: LiabilityDto;
}

export class CheckDto {
  /** It could be submitted. */
  ok: boolean;
  @ApiProperty({ type: [FindingDto] })
  findings: readonly FindingDto[];
  /** As phones would show it, also while the document is faulty elsewhere; null = as the brand looks. */
  look: CampaignLookDto | null;
  /** null while the document itself is faulty. */
  outlook: OutlookDto | null;
}
