import { Body, HttpCode, Param, Post } from '@nestjs/common';
import { StartBurst, StopBurst } from '@app/campaigns';
import type { Operator } from '@app/staff';
import { IdPipe } from '../../edge/id.pipe';
import { BurstRunDto, StartBurstDto, StoppedBurstDto } from './campaign-approvals.dto';
import { CampaignReasonDto } from './campaigns.dto';
import { ConsoleController, CurrentOperator } from '../console-controller';

/** 区域加码: two people approved the plan, one starts it. */
@ConsoleController('campaigns')
export class CampaignBurstsController {
  constructor(
    private readonly startBurst: StartBurst,
    private readonly stopBurst: StopBurst,
  ) {}

  /** For the owner and whoever was given the right `start-burst`. */
  @Post(':id/start-burst')
  @HttpCode(200)
  start(
    @CurrentOperator() by: Operator,
    @Param('id', IdPipe) campaignId: number,
    @Body() { hours, reason }: StartBurstDto,
  ): Promise<BurstRunDto> {
    return this.startBurst.run({ campaignId, hours, reason, by });
  }

  @Post(':id/stop-burst')
  @HttpCode(200)
  stop(
    @CurrentOperator() { id: by }: Operator,
    @Param('id', IdPipe) campaignId: number,
    @Body() { reason }: CampaignReasonDto,
  ): Promise<StoppedBurstDto> {
    return this.stopBurst.run({ campaignId, by, reason: reason ?? '' });
  }
}
