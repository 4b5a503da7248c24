import { Get, Query } from '@nestjs/common';
import { DailySeriesModel, OverviewModel, RegionalReportModel } from '@app/analytics';
import { regionWords } from '@app/regions';
import { scopeOf, type Operator } from '@app/staff';
import { ConsoleController, CurrentOperator } from '../console-controller';
import { DaysDto, DaysQuery, OverviewDto, RegionalReportDto, RegionsQuery } from './reports.dto';

const UNKNOWN_PLACE = '地点未知';

/** Headquarters and distributors ask the same questions; whose rows answer is said by the session alone. */
@ConsoleController('reports')
export class ReportsController {
  constructor(
    private readonly regional: RegionalReportModel,
    private readonly daily: DailySeriesModel,
    private readonly overviewModel: OverviewModel,
  ) {}

  @Get('regions')
  async regions(@CurrentOperator() operator: Operator, @Query() query: RegionsQuery): Promise<RegionalReportDto> {
    const report = await this.regional.read(scopeOf(operator), query);
    const rows = report.rows.map((row) => ({ ...row, name: regionWords(row.adcode) || UNKNOWN_PLACE }));
    return { ...report, rows };
  }

  @Get('days')
  async days(@CurrentOperator() operator: Operator, @Query() query: DaysQuery): Promise<DaysDto> {
    return { days: await this.daily.read(scopeOf(operator), query) };
  }

  @Get('overview')
  overview(@CurrentOperator() operator: Operator): Promise<OverviewDto> {
    return this.overviewModel.read(scopeOf(operator));
  }
}
