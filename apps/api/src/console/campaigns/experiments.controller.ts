import { Get, Param } from '@nestjs/common';
import { ExperimentReports } from '@app/campaigns';
import { IdPipe } from '../../edge/id.pipe';
import { ConsoleController } from '../console-controller';
import { ExperimentDto } from './experiments.dto';

@ConsoleController('campaigns/:id/experiment')
export class ExperimentsController {
  constructor(private readonly experiments: ExperimentReports) {}

  /** How the arms do against the first one, with intervals and a verdict; 尚无结论 is one. */
  @Get()
  report(@Param('id', IdPipe) campaignId: number): Promise<ExperimentDto> {
    return this.experiments.run(campaignId);
  }
}
