import { ApiProperty } from '@nestjs/swagger';
import { APPROVAL_KINDS, type ApprovalKind } from '@app/analytics';

export class ApprovalAskerDto {
  id: number;
  name: string;
}

export class ApprovalDto {
  @ApiProperty({ enum: APPROVAL_KINDS })
  kind: ApprovalKind;
  /** Of the request itself. */
  id: number;
  /** What it is about: the number of a campaign, budget, payout, batch or account. */
  subject: string;
  title: string;
  amountFen: number | null;
  note: string;
  askedBy: ApprovalAskerDto;
  askedAt: Date;
  /** Who reads this asked for it: somebody else decides. */
  mine: boolean;
  /** Who reads this has a role that decides it. */
  mayDecide: boolean;
}

export class ApprovalsDto {
  @ApiProperty({ type: [ApprovalDto] })
  items: readonly ApprovalDto[];
  /** How many of them who reads this could decide: the number on the badge. */
  forMe: number;
}
