import { Get, Query } from '@nestjs/common';
import { FinanceOverviewModel, StuckPayouts } from '@app/payouts';
import type { Operator } from '@app/staff';
import { ConsoleController, CurrentOperator } from '../console-controller';
import { FinanceOverviewDto, StuckPageDto, StuckQuery } from './finance.dto';

/** 财务: where the money is, and what does not move. */
@ConsoleController('finance')
export class FinanceController {
  constructor(
    private readonly overview: FinanceOverviewModel,
    private readonly stuckPayouts: StuckPayouts,
  ) {}

  /** Balances, today, in flight, breakers, ceilings, exceptions. */
  @Get()
  read(@CurrentOperator() by: Operator): Promise<FinanceOverviewDto> {
    return this.overview.read(by.id);
  }

  /** Oldest first, each with its reason and what happens next and when. */
  @Get('stuck')
  stuck(@Query() query: StuckQuery): Promise<StuckPageDto> {
    return this.stuckPayouts.page(query);
  }
}
