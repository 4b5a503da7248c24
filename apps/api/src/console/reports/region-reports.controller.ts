import { Body, Get, Put, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import {
  ComparisonModel,
  FEWEST_COMPARED,
  KeepReportSettings,
  NeighboursModel,
  PlaceReportModel,
  RegionTableModel,
  StoreRankingModel,
  type RegionRow,
} from '@app/analytics';
import { DistributorDirectory } from '@app/channel';
import { Database, databaseNow } from '@app/database';
import { addDays, Rejected, shanghaiDay } from '@app/kernel';
import { childrenOf, regionWords } from '@app/regions';
import { scopeOf, type Operator } from '@app/staff';
import { Audited } from '../audited';
import { ConsoleController, CurrentOperator } from '../console-controller';
import {
  ComparisonDto,
  PlaceReportDto,
  PlacesQuery,
  RegionTableDto,
  RegionTablePageQuery,
  RegionTableQuery,
  ReportBasisDto,
  ReportSettingsAnswerDto,
  ReportSettingsDto,
  StandingDto,
  StoreRankingDto,
} from './region-reports.dto';
import { DaysQuery } from './reports.dto';
import { sendTable, type Column, type TableFormat } from '../table-file';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const BASIS = '扫码地';
const UNKNOWN_PLACE = '地点未知';
const STANDING_DAYS = 30;
/** A scan knows where the goods were shipped to once shipments are told by code. */
const BASES: readonly ReportBasisDto[] = [
  { basis: 'scan', words: BASIS, available: true, why: null },
  { basis: 'shipment', words: '发货归属', available: false, why: '还没有按码登记的发货记录，暂时只能按扫码地统计' },
];

type Line = RegionRow & { readonly name: string };

/** Regions, one by one and compared; whose rows answer is said by the session alone. */
@ConsoleController('')
export class RegionReportsController {
  constructor(
    private readonly directory: DistributorDirectory,
    private readonly placesModel: PlaceReportModel,
    private readonly regions: RegionTableModel,
    private readonly comparison: ComparisonModel,
    private readonly neighbours: NeighboursModel,
    private readonly storeRanks: StoreRankingModel,
    private readonly settings: KeepReportSettings,
    private readonly database: Database,
    private readonly audited: Audited,
  ) {}

  @Get('reports/places')
  async places(@CurrentOperator() operator: Operator, @Query() query: PlacesQuery): Promise<PlaceReportDto> {
    const { from, to, parent = null } = query;
    if (parent !== null && !(await this.directory.reaches(scopeOf(operator), parent))) {
      throw new Rejected('not_your_area', `${nameOf(parent)}不在您的区域内`, 403);
    }
    const report = await this.placesModel.read(scopeOf(operator), { from, to, parent });
    const rows = report.rows.map((row) => {
      const rest = row.adcode === null || row.adcode === parent;
      return { ...row, rest, name: rest ? UNKNOWN_PLACE : nameOf(row.adcode) };
    });
    return { ...report, basis: BASIS, rows };
  }

  @Get('reports/region-table')
  async table(@CurrentOperator() operator: Operator, @Query() query: RegionTablePageQuery): Promise<RegionTableDto> {
    const { limit, cursor, ...question } = query;
    const page = await this.regions.page(scopeOf(operator), question, { limit, cursor: cursor ?? null });
    return { ...page, basis: BASIS, items: page.items.map(namedAt(query.level)) };
  }

  @Get('reports/region-table.csv')
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string' } })
  csv(
    @CurrentOperator() operator: Operator,
    @Query() query: RegionTableQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.file(operator, query, 'csv', reply);
  }

  @Get('reports/region-table.xlsx')
  @ApiProduces(XLSX)
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  xlsx(
    @CurrentOperator() operator: Operator,
    @Query() query: RegionTableQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.file(operator, query, 'xlsx', reply);
  }

  @Get('reports/comparison')
  async compare(@CurrentOperator() operator: Operator): Promise<ComparisonDto> {
    const spans = await this.comparison.read(scopeOf(operator));
    return { basis: BASIS, spans, standing: await this.standing(operator) };
  }

  @Get('reports/store-ranking')
  async stores(@CurrentOperator() operator: Operator, @Query() { from, to }: DaysQuery): Promise<StoreRankingDto> {
    const items = await this.storeRanks.read(scopeOf(operator), { from, to });
    return { items: items.map(({ adcode, ...store }) => ({ ...store, place: nameOf(adcode) })) };
  }

  @Get('report-settings')
  async shown(): Promise<ReportSettingsAnswerDto> {
    const distributors = await this.neighbours.count();
    return { ...(await this.settings.read()), distributors, fewest: FEWEST_COMPARED, bases: BASES };
  }

  @Put('report-settings')
  async change(
    @CurrentOperator() operator: Operator,
    @Body() wanted: ReportSettingsDto,
  ): Promise<ReportSettingsAnswerDto> {
    const before = await this.settings.read();
    await this.audited.inOne(
      operator,
      (tx) => this.settings.change(tx, wanted, operator.id),
      () => ({ act: 'reports.settings', object: 'report-settings', before, after: wanted }),
    );
    return this.shown();
  }

  private async standing(operator: Operator): Promise<StandingDto | null> {
    if (operator.distributorId === null || !(await this.settings.read()).rankShown) return null;
    const today = shanghaiDay(await databaseNow(this.database));
    return this.neighbours.standing(operator.distributorId, { from: addDays(today, -STANDING_DAYS), to: today });
  }

  private async file(operator: Operator, query: RegionTableQuery, as: TableFormat, reply: FastifyReply): Promise<void> {
    const { rows, total } = await this.regions.read(scopeOf(operator), query);
    const lines: Line[] = [...rows.map(namedAt(query.level)), { ...total, adcode: null, name: '合计' }];
    const name = `regions-${query.level}-${query.from}-${query.to}`;
    await sendTable(reply, { name, as, columns: COLUMNS }, each(lines), () =>
      this.audited.after(operator, {
        act: 'reports.export-regions',
        object: `regions:${query.level}`,
        after: { ...query, as },
      }),
    );
  }
}

const COLUMNS: readonly Column<Line>[] = [
  { title: '地区', of: ({ name }) => name },
  { title: '行政区划代码', of: ({ adcode }) => (adcode === null ? null : String(adcode)) },
  { title: '统计口径', of: () => BASIS },
  { title: '扫码次数', kind: 'number', of: ({ scans }) => scans },
  { title: '开瓶数', kind: 'number', of: ({ opened }) => opened },
  { title: '扫码人数', kind: 'number', of: ({ people }) => people },
  { title: '新客数', kind: 'number', of: ({ newMembers }) => newMembers },
  { title: '中奖数', kind: 'number', of: ({ wins }) => wins },
  { title: '奖金（元）', kind: 'yuan', of: ({ awardedFen }) => awardedFen },
];

function nameOf(adcode: number | null): string {
  return regionWords(adcode) || UNKNOWN_PLACE;
}

/** Among districts a city stands for scans of which no district is known, and so for provinces among cities. */
function namedAt(level: RegionTableQuery['level']): (row: RegionRow) => Line {
  const whole = { province: 0, city: 10_000, district: 100 }[level];
  return (row) => {
    const rough = whole > 0 && row.adcode !== null && row.adcode % whole === 0 && childrenOf(row.adcode).length > 0;
    return { ...row, name: rough ? `${nameOf(row.adcode)}（下级不详）` : nameOf(row.adcode) };
  };
}

async function* each<T>(rows: readonly T[]): AsyncGenerator<T> {
  yield* rows;
}
