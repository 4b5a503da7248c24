import { Get, Query } from '@nestjs/common';
import {
  BudgetBurnModel,
  FiguresModel,
  TopItemsModel,
  TrendModel,
  WaitingWorkModel,
  WORK_KINDS,
  type WorkKind,
} from '@app/analytics';
import { scopeOf, type Operator } from '@app/staff';
import { accessOf, allows } from '../console-access';
import { ConsoleController, CurrentOperator } from '../console-controller';
import { BudgetBurnsDto, KeyFiguresDto, TopItemsDto, TrendDto, WaitingWorkDto } from './figures.dto';
import { DaysQuery } from './reports.dto';

/** Whose work it is: those who may see it. */
const WORK_PLACES: Readonly<Record<WorkKind, string>> = {
  campaigns: '/v1/console/campaign-approvals',
  grants: '/v1/console/grants',
  corrections: '/v1/console/corrections',
  writeOffs: '/v1/console/write-offs',
  decisions: '/v1/console/money-decisions',
  moneyCases: '/v1/console/money-cases',
  channels: '/v1/console/finance',
  deadJobs: '/v1/console/dead-jobs',
  packs: '/v1/console/code-packs',
  complaints: '/v1/console/complaints',
  coupons: '/v1/console/coupon-pools',
  batches: '/v1/console/code-batches',
};

/** The overview, part by part; whose rows answer is said by the session alone. */
@ConsoleController('reports')
export class FiguresController {
  constructor(
    private readonly figuresModel: FiguresModel,
    private readonly trendModel: TrendModel,
    private readonly items: TopItemsModel,
    private readonly burn: BudgetBurnModel,
    private readonly work: WaitingWorkModel,
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

  /** What waits for somebody, of what the asker may see at all. */
  @Get('waiting')
  async waiting(@CurrentOperator() { roles }: Operator): Promise<WaitingWorkDto> {
    const mine = WORK_KINDS.filter((kind) => allows(accessOf('GET', WORK_PLACES[kind]), roles));
    return { items: await this.work.read(mine) };
  }
}
