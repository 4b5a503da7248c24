import { Body, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { BudgetStatements, GrantList, RejectGrant, WithdrawGrant } from '@app/payouts';
import type { Operator } from '@app/staff';
import { IdPipe } from '../../edge/id.pipe';
import { Audited } from '../audited';
import { ConsoleController, CurrentOperator } from '../console-controller';
import { BudgetStatementDto, BudgetStatementQuery, GrantNoteDto, GrantPageDto, GrantQuery } from './grants.dto';

/** 费用申请, and the pages of the ledger that belong to one budget. */
@ConsoleController('')
export class GrantsController {
  constructor(
    private readonly grants: GrantList,
    private readonly statements: BudgetStatements,
    private readonly rejectGrant: RejectGrant,
    private readonly withdrawGrant: WithdrawGrant,
    private readonly audited: Audited,
  ) {}

  @Get('grants')
  list(@Query() query: GrantQuery): Promise<GrantPageDto> {
    return this.grants.page(query);
  }

  @Get('budgets/:id/statement')
  statement(@Param('id', IdPipe) id: number, @Query() range: BudgetStatementQuery): Promise<BudgetStatementDto> {
    return this.statements.read(id, range);
  }

  /** The second person's no. */
  @Post('grants/:id/reject')
  @HttpCode(204)
  async reject(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) grantId: number,
    @Body() { note }: GrantNoteDto,
  ): Promise<void> {
    await this.audited.inOne(
      operator,
      (tx) => this.rejectGrant.run(tx, { grantId, by: operator.id, note }),
      () => ({ act: 'payouts.reject-grant', object: `grant:${grantId}`, reason: note }),
    );
  }

  /** Its author takes it back. */
  @Post('grants/:id/withdraw')
  @HttpCode(204)
  async withdraw(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) grantId: number,
    @Body() { note }: GrantNoteDto,
  ): Promise<void> {
    await this.audited.inOne(
      operator,
      (tx) => this.withdrawGrant.run(tx, { grantId, by: operator.id, note }),
      () => ({ act: 'payouts.withdraw-grant', object: `grant:${grantId}`, reason: note }),
    );
  }
}
