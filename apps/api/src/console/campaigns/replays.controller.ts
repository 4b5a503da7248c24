import { Body, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CampaignReplays } from '@app/scans';
import type { Operator } from '@app/staff';
import { IdPipe } from '../../edge/id.pipe';
import { PageQuery } from '../../edge/page.dto';
import { ConsoleController, CurrentOperator } from '../console-controller';
import { ReplayCancelledDto, ReplayDetailDto, ReplayPageDto, ReplayStartedDto, StartReplayDto } from './replays.dto';

/** The draft of a campaign over the scans of the last days, or over made-up ones: what it would have cost. */
@ConsoleController('campaigns/:id/replays')
export class ReplaysController {
  constructor(private readonly replays: CampaignReplays) {}

  @Post()
  @HttpCode(202)
  start(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) campaignId: number,
    @Body() { days, synthetic, together = true }: StartReplayDto,
  ): Promise<ReplayStartedDto> {
    return this.replays.start({ campaignId, days, synthetic, together, by: operator.id });
  }

  /** Newest first, without their results. */
  @Get()
  list(@Param('id', IdPipe) campaignId: number, @Query() page: PageQuery): Promise<ReplayPageDto> {
    return this.replays.list(campaignId, page);
  }

  /** Progress while it runs, the result when it is done. */
  @Get(':replayId')
  one(@Param('id', IdPipe) campaignId: number, @Param('replayId', IdPipe) replayId: number): Promise<ReplayDetailDto> {
    return this.replays.shown(campaignId, replayId);
  }

  @Post(':replayId/cancel')
  @HttpCode(200)
  cancel(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) campaignId: number,
    @Param('replayId', IdPipe) replayId: number,
  ): Promise<ReplayCancelledDto> {
    return this.replays.cancel(campaignId, replayId, operator.id);
  }
}
