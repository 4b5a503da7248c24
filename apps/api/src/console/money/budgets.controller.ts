import { Body, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApproveGrant, BudgetList, CreateBudget, RequestGrant } from '@app/payouts';
import type { Operator } from '@app/staff';
import { PageQuery } from '../../edge/page.dto';
import { Audited } from '../audited';
import { ApprovedDto, BudgetPageDto, NewBudgetDto, NewGrantDto } from './budgets.dto';
import { ConsoleController, CurrentOperator } from '../console-controller';
import { IdPipe } from '../../edge/id.pipe';
import { MadeDto } from '../made.dto';

@ConsoleController('')
export class BudgetsController {
  constructor(
    private readonly budgets: BudgetList,
    private readonly createBudget: CreateBudget,
    private readonly requestGrant: RequestGrant,
    private readonly approveGrant: ApproveGrant,
    private readonly audited: Audited,
  ) {}

  @Get('budgets')
  list(@Query() page: PageQuery): Promise<BudgetPageDto> {
    return this.budgets.page(page);
  }

  @Post('budgets')
  async create(@CurrentOperator() operator: Operator, @Body() { name }: NewBudgetDto): Promise<MadeDto> {
    const id = await this.audited.inOne(
      operator,
      (tx) => this.createBudget.run(tx, { name }),
      (made) => ({ act: 'payouts.create-budget', object: `budget:${made}`, after: { name } }),
    );
    return { id };
  }

  @Post('budgets/:id/grants')
  async request(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) budgetId: number,
    @Body() body: NewGrantDto,
  ): Promise<MadeDto> {
    const id = await this.audited.inOne(
      operator,
      (tx) => this.requestGrant.run(tx, { budgetId, ...body, requestedBy: operator.id }),
      (made) => ({ act: 'payouts.request-grant', object: `grant:${made}`, after: { budgetId, ...body } }),
    );
    return { id };
  }

  /** The second person's yes: whoever asked for the money cannot give it. */
  @Post('grants/:id/approve')
  @HttpCode(200)
  async approve(@CurrentOperator() operator: Operator, @Param('id', IdPipe) grantId: number): Promise<ApprovedDto> {
    const outcome = await this.audited.inOne(
      operator,
      (tx) => this.approveGrant.run(tx, { grantId, approvedBy: operator.id }),
      (done) => ({ act: 'payouts.approve-grant', object: `grant:${grantId}`, after: { outcome: done } }),
    );
    return { outcome };
  }
}
