import { Body, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApprovalList, ApproveCampaign, RejectCampaign, SubmitCampaign, WithdrawCampaign } from '@app/campaigns';
import type { Operator } from '@app/staff';
import { IdPipe } from '../../edge/id.pipe';
import { PageQuery } from '../../edge/page.dto';
import {
  ApprovalPageDto,
  ApproveDto,
  ClosedSubmissionDto,
  RejectDto,
  SubmissionMadeDto,
  SubmissionPageDto,
  SubmitDto,
} from './campaign-approvals.dto';
import { CampaignReasonDto, PublicationDto } from './campaigns.dto';
import { ConsoleController, CurrentOperator } from '../console-controller';

/** The way of a draft to the consumers: submitted by one person, approved by another. */
@ConsoleController('')
export class CampaignApprovalsController {
  constructor(
    private readonly approvals: ApprovalList,
    private readonly submitCampaign: SubmitCampaign,
    private readonly approveCampaign: ApproveCampaign,
    private readonly rejectCampaign: RejectCampaign,
    private readonly withdrawCampaign: WithdrawCampaign,
  ) {}

  /** What waits for a second person, the longest waiting first. */
  @Get('campaign-approvals')
  pending(@Query() page: PageQuery): Promise<ApprovalPageDto> {
    return this.approvals.pending(page);
  }

  /** Everything that was submitted for one campaign, latest first. */
  @Get('campaigns/:id/submissions')
  list(@Param('id', IdPipe) campaignId: number, @Query() page: PageQuery): Promise<SubmissionPageDto> {
    return this.approvals.of(campaignId, page);
  }

  @Post('campaigns/:id/submit')
  @HttpCode(200)
  submit(
    @CurrentOperator() by: Operator,
    @Param('id', IdPipe) campaignId: number,
    @Body() { note = '', confirmReason }: SubmitDto,
  ): Promise<SubmissionMadeDto> {
    return this.submitCampaign.run({ campaignId, by, note, confirmReason });
  }

  /** Publishes: the draft becomes the next version at once. */
  @Post('campaigns/:id/approve')
  @HttpCode(200)
  approve(
    @CurrentOperator() by: Operator,
    @Param('id', IdPipe) campaignId: number,
    @Body() { contentHash, note = '', confirmReason }: ApproveDto,
  ): Promise<PublicationDto> {
    return this.approveCampaign.run({ campaignId, by, contentHash, note, confirmReason });
  }

  @Post('campaigns/:id/reject')
  @HttpCode(200)
  reject(
    @CurrentOperator() by: Operator,
    @Param('id', IdPipe) campaignId: number,
    @Body() { reason }: RejectDto,
  ): Promise<ClosedSubmissionDto> {
    return this.rejectCampaign.run({ campaignId, by, reason });
  }

  @Post('campaigns/:id/withdraw')
  @HttpCode(200)
  withdraw(
    @CurrentOperator() by: Operator,
    @Param('id', IdPipe) campaignId: number,
    @Body() { reason }: CampaignReasonDto,
  ): Promise<ClosedSubmissionDto> {
    return this.withdrawCampaign.run({ campaignId, by, reason: reason ?? '' });
  }
}
