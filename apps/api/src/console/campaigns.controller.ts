import { Body, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import {
  CampaignList,
  PublishCampaign,
  SaveDraft,
  SCAN_FIELDS,
  SwitchCampaign,
  validateCampaign,
} from '@app/campaigns';
import type { Operator } from '@app/staff';
import { PageQuery } from '../edge/page.dto';
import {
  CampaignContentDto,
  CampaignDetailDto,
  CampaignPageDto,
  CampaignReasonDto,
  CheckDto,
  DraftDto,
  FieldsDto,
  PublicationDto,
  SwitchedDto,
} from './campaigns.dto';
import { IdPipe } from '../edge/id.pipe';
import { ConsoleController, CurrentOperator } from './console-controller';

@ConsoleController('')
export class CampaignsController {
  constructor(
    private readonly campaigns: CampaignList,
    private readonly saveDraft: SaveDraft,
    private readonly publishCampaign: PublishCampaign,
    private readonly switchCampaign: SwitchCampaign,
  ) {}

  @Get('campaigns')
  list(@Query() page: PageQuery): Promise<CampaignPageDto> {
    return this.campaigns.page(page);
  }

  @Get('campaigns/:id')
  one(@Param('id', IdPipe) id: number): Promise<CampaignDetailDto> {
    return this.campaigns.detail(id);
  }

  /** The fields a rule may speak of, with their operators. */
  @Get('campaign-fields')
  fields(): FieldsDto {
    return { fields: SCAN_FIELDS.describe() };
  }

  /** What the linter says of a document; nothing is kept. */
  @Post('campaigns::check')
  @HttpCode(200)
  check(@Body() { content }: CampaignContentDto): CheckDto {
    const { ok, findings } = validateCampaign(content);
    return { ok, findings };
  }

  @Post('campaigns')
  create(@CurrentOperator() operator: Operator, @Body() { content }: CampaignContentDto): Promise<DraftDto> {
    return this.saveDraft.run({ content, by: operator.id });
  }

  @Put('campaigns/:id/draft')
  save(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) campaignId: number,
    @Body() { content }: CampaignContentDto,
  ): Promise<DraftDto> {
    return this.saveDraft.run({ campaignId, content, by: operator.id });
  }

  @Post('campaigns/:id/publish')
  @HttpCode(200)
  publish(@CurrentOperator() operator: Operator, @Param('id', IdPipe) campaignId: number): Promise<PublicationDto> {
    return this.publishCampaign.run({ campaignId, by: operator.id });
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
