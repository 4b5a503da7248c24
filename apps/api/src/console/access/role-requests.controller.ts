import { Body, HttpCode, Param, Post } from '@nestjs/common';
import { DecideRoles, type Operator } from '@app/staff';
import { IdPipe } from '../../edge/id.pipe';
import { ConsoleController, CurrentOperator } from '../console-controller';
import { RoleDecisionDto, RoleRefusalDto } from './operators.dto';

@ConsoleController('role-requests/:id')
export class RoleRequestsController {
  constructor(private readonly decide: DecideRoles) {}

  @Post('approve')
  @HttpCode(204)
  approve(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Body() { note }: RoleDecisionDto,
  ): Promise<void> {
    return this.decide.approve(operator, id, note);
  }

  @Post('reject')
  @HttpCode(204)
  reject(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Body() { note }: RoleRefusalDto,
  ): Promise<void> {
    return this.decide.reject(operator, id, note);
  }

  @Post('withdraw')
  @HttpCode(204)
  withdraw(@CurrentOperator() operator: Operator, @Param('id', IdPipe) id: number): Promise<void> {
    return this.decide.withdraw(operator, id);
  }
}
