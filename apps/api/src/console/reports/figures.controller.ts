import { Get, Query } from '@nestjs/common';
import {
  BudgetBurnModel,
  FiguresModel,
  FoldProgressModel,
  TopItemsModel,
  TrendModel,
  WaitingWorkModel,
  WORK_KINDS,
} from '@app/analytics';
import { CodeAlarms } from '@app/scans';
import { scopeOf, type Operator } from '@app/staff';
import { allows, CONSOLE_ACCESS } from '../console-access';
import { ConsoleController, CurrentOperator } from '../console-controller';
import {
  BudgetBurnsDto,
  FoldProgressDto,
  KeyFiguresDto,
  TopItemsDto,
  TrendDto,
  WAITING_KINDS,
  WaitingDto,
  WaitingWorkDto,
  type WaitingKind,
} from './figures.dto';
import { DaysQuery } from './reports.dto';

/** Whose work it is: those who may see it, or decide it where it has no page of its own. */
const WORK_PLACES: Readonly<Record<WaitingKind, string>> = {
  campaigns: 'GET /v1/console/campaign-approvals',
  grants: 'GET /v1/console/grants',
  corrections: 'GET /v1/console/corrections',
  writeOffs: 'GET /v1/console/write-offs',
  decisions: 'GET /v1/console/money-decisions',
  moneyCases: 'GET /v1/console/money-cases',
  channels: 'GET /v1/console/finance',
  deadJobs: 'GET /v1/console/dead-jobs',
  packs: 'GET /v1/console/code-packs',
  roles: 'POST /v1/console/role-requests/:id/approve',
  complaints: 'GET /v1/console/complaints',
  alarms: 'GET /v1/console/code-alarms',
  coupons: 'GET /v1/console/coupon-pools',
  batches: 'GET /v1/console/code-batches',
};
const ALARM_DAYS = 7;

/** The overview, part by part; whose rows answer is said by the session alone. */
@ConsoleController('reports')
export class FiguresController {
  constructor(
    private readonly figuresModel: FiguresModel,
    private readonly trendModel: TrendModel,
    private readonly items: TopItemsModel,
    private readonly burn: BudgetBurnModel,
    private readonly work: WaitingWorkModel,
    private readonly fold: FoldProgressModel,
    private readonly alarms: CodeAlarms,
  ) {}

  @Get('figures')
  figures(@CurrentOperator() operator: Operator, @Query() { from, to }: DaysQuery): Promise<KeyFiguresDto> {
    return this.figuresModel.read(scopeOf(operator), { from, to });
  }

  @Get('trend')
  async trend(@CurrentOperator() operator: Operator, @Query() { from, to }: DaysQuery): Promise<TrendDto> {
    return { days: await this.trendModel.read(scopeOf(operator), { from, to }) };
  }

  @Get('items')
  topItems(@CurrentOperator() operator: Operator, @Query() { from, to }: DaysQuery): Promise<TopItemsDto> {
    return this.items.read(scopeOf(operator), { from, to });
  }

  @Get('budgets')
  async budgets(): Promise<BudgetBurnsDto> {
    return { items: await this.burn.read() };
  }

  /** Whether figures are missing scans of before: after a first start, or when no worker ran. */
  @Get('fold-progress')
  foldProgress(): Promise<FoldProgressDto> {
    return this.fold.read();
  }

  /** What waits for somebody, of what the asker may see at all. */
  @Get('waiting')
  async waiting(@CurrentOperator() { roles }: Operator): Promise<WaitingWorkDto> {
    const mine = WAITING_KINDS.filter((kind) => allows(CONSOLE_ACCESS[WORK_PLACES[kind]] ?? null, roles));
    const waiting: WaitingDto[] = await this.work.read(WORK_KINDS.filter((kind) => mine.includes(kind)));
    return { items: [...waiting, ...(mine.includes('alarms') ? await this.alarmsWaiting() : [])] };
  }

  /** Stretches of codes that are scanned in the shops and were never put on sale. */
  private async alarmsWaiting(): Promise<WaitingDto[]> {
    const alarms = await this.alarms.list(ALARM_DAYS);
    if (alarms.length === 0) return [];
    const since = new Date(Math.min(...alarms.map(({ firstAt }) => firstAt.getTime())));
    return [{ kind: 'alarms', count: alarms.length, since }];
  }
}
