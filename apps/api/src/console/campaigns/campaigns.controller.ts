import { Body, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { CampaignList, CheckCampaign, CloneCampaign, SaveDraft, SwitchCampaign } from '@app/campaigns';
import type { Operator } from '@app/staff';
import { CheckDto } from './campaign-outlook.dto';
import {
  CampaignContentDto,
  CampaignDetailDto,
  CampaignListQuery,
  CampaignPageDto,
  CampaignReasonDto,
  CheckContentDto,
  CloneDto,
  DraftDto,
  SaveDraftDto,
  SwitchedDto,
} from './campaigns.dto';
import { IdPipe } from '../../edge/id.pipe';
import { ConsoleController, CurrentOperator } from '../console-controller';

@ConsoleController('')
export class CampaignsController {
  constructor(
    private readonly campaigns: CampaignList,
    private readonly saveDraft: SaveDraft,
    private readonly cloneCampaign: CloneCampaign,
    private readonly checkCampaign: CheckCampaign,
    private readonly switchCampaign: SwitchCampaign,
  ) {}

  @Get('campaigns')
  list(@Query() { pending, ...query }: CampaignListQuery): Promise<CampaignPageDto> {
    return this.campaigns.page({ ...query, pending: pending === undefined ? undefined : pending === 'true' });
  }

  @Get('campaigns/:id')
  one(@Param('id', IdPipe) id: number): Promise<CampaignDetailDto> {
    return this.campaigns.detail(id);
  }

  /** What would be said of a document if it were submitted now, and what it may cost; nothing is kept. */
  @Post('campaigns::check')
  @HttpCode(200)
  check(@Body() { content, campaignId = null }: CheckContentDto): Promise<CheckDto> {
    return this.checkCampaign.run(content, campaignId);
  }

  @Post('campaigns')
  create(@CurrentOperator() operator: Operator, @Body() { content }: CampaignContentDto): Promise<DraftDto> {
    return this.saveDraft.run({ content, by: operator.id });
  }

  @Put('campaigns/:id/draft')
  save(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) campaignId: number,
    @Body() { content, base }: SaveDraftDto,
  ): Promise<DraftDto> {
    return this.saveDraft.run({ campaignId, content, by: operator.id, base });
  }

  /** A new draft of what the campaign says. */
  @Post('campaigns/:id/clone')
  clone(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) campaignId: number,
    @Body() { name }: CloneDto,
  ): Promise<DraftDto> {
    return this.cloneCampaign.run({ campaignId, name, by: operator.id });
  }

  @Post('campaigns/:id/pause')
  @HttpCode(200)
  pause(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) campaignId: number,
    @Body() { reason }: CampaignReasonDto,
  ): Promise<SwitchedDto> {
    return this.switchCampaign.run({ campaignId, switch: 'pause', by: operator.id, reason: reason ?? '' });
  }

  @Post('campaigns/:id/resume')
  @HttpCode(200)
  resume(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) campaignId: number,
    @Body() { reason }: CampaignReasonDto,
  ): Promise<SwitchedDto> {
    return this.switchCampaign.run({ campaignId, switch: 'resume', by: operator.id, reason: reason ?? '' });
  }

  /** For ever. */
  @Post('campaigns/:id/end')
  @HttpCode(200)
  end(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) campaignId: number,
    @Body() { reason }: CampaignReasonDto,
  ): Promise<SwitchedDto> {
    return this.switchCampaign.run({ campaignId, switch: 'end', by: operator.id, reason: reason ?? '' });
  }
}
