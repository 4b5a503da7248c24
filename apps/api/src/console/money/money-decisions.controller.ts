import { Body, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { AskDecision, DecideMoney, DecisionList } from '@app/payouts';
import type { Operator } from '@app/staff';
import { IdPipe } from '../../edge/id.pipe';
import { ConsoleController, CurrentOperator } from '../console-controller';
import {
  ApproveDecisionDto,
  AskDecisionDto,
  DecidedDto,
  DecisionAskedDto,
  EndDecisionDto,
  MoneyDecisionDto,
  MoneyDecisionPageDto,
  MoneyDecisionQuery,
  ReviseDecisionDto,
} from './money-decisions.dto';

/** 人工结论: one person asks, another says yes or no to exactly that. */
@ConsoleController('')
export class MoneyDecisionsController {
  constructor(
    private readonly decisions: DecisionList,
    private readonly askDecision: AskDecision,
    private readonly decide: DecideMoney,
  ) {}

  @Get('money-decisions')
  list(@Query() query: MoneyDecisionQuery): Promise<MoneyDecisionPageDto> {
    return this.decisions.page(query);
  }

  @Get('money-decisions/:id')
  one(@Param('id', IdPipe) id: number): Promise<MoneyDecisionDto> {
    return this.decisions.one(id);
  }

  /** Of a payout in the state MANUAL; or the contrary of a result that an open case puts in doubt. */
  @Post('payouts/:payoutKey/decisions')
  ask(
    @CurrentOperator() by: Operator,
    @Param('payoutKey') payoutKey: string,
    @Body() { outcome, reason, evidence = '' }: AskDecisionDto,
  ): Promise<DecisionAskedDto> {
    return this.askDecision.run({ payoutKey, kind: outcome, reason, evidence, by: by.id });
  }

  /** Other words, by who asked; whoever read the old ones must read again. */
  @Put('money-decisions/:id')
  revise(
    @CurrentOperator() by: Operator,
    @Param('id', IdPipe) decisionId: number,
    @Body() { reason, evidence = '' }: ReviseDecisionDto,
  ): Promise<DecisionAskedDto> {
    return this.askDecision.revise({ decisionId, by: by.id, reason, evidence });
  }

  @Post('money-decisions/:id/approve')
  @HttpCode(200)
  approve(
    @CurrentOperator() by: Operator,
    @Param('id', IdPipe) decisionId: number,
    @Body() { contentHash, note = '' }: ApproveDecisionDto,
  ): Promise<DecidedDto> {
    return this.decide.approve({ decisionId, by: by.id, contentHash, note });
  }

  @Post('money-decisions/:id/refuse')
  @HttpCode(204)
  refuse(
    @CurrentOperator() by: Operator,
    @Param('id', IdPipe) id: number,
    @Body() { reason }: EndDecisionDto,
  ): Promise<void> {
    return this.decide.refuse({ decisionId: id, by: by.id, reason });
  }

  @Post('money-decisions/:id/withdraw')
  @HttpCode(204)
  withdraw(
    @CurrentOperator() by: Operator,
    @Param('id', IdPipe) id: number,
    @Body() { reason }: EndDecisionDto,
  ): Promise<void> {
    return this.askDecision.withdraw({ decisionId: id, by: by.id, reason });
  }
}
