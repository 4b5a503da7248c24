import { Body, HttpCode, Param, Post } from '@nestjs/common';
import { DryRun } from '@app/scans';
import type { Operator } from '@app/staff';
import { IdPipe } from '../../edge/id.pipe';
import { ConsoleController, CurrentOperator } from '../console-controller';
import { DryRunAnswerDto, DryRunDto } from './dry-run.dto';

@ConsoleController('campaigns/:id/dry-run')
export class DryRunController {
  constructor(private readonly dryRun: DryRun) {}

  /** One pretended scan with everything the decision looked at. Nothing is kept, and nothing of a real code's luck is told. */
  @Post()
  @HttpCode(200)
  run(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) campaignId: number,
    @Body() { at, place, ...question }: DryRunDto,
  ): Promise<DryRunAnswerDto> {
    const asked = {
      ...question,
      campaignId,
      ...(at === undefined ? {} : { at: new Date(at) }),
      ...(place === undefined ? {} : { place: { ...place, adcode: place.adcode ?? null } }),
    };
    return this.dryRun.run(asked, operator);
  }
}
