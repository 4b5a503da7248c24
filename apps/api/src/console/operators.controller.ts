import { Body, Post } from '@nestjs/common';
import { ManageOperators, type Operator } from '@app/staff';
import { ConsoleController, CurrentOperator } from './console-controller';
import { NewOperatorDto } from './operators.dto';
import { OperatorAnswerDto } from './session.dto';

@ConsoleController('operators')
export class OperatorsController {
  constructor(private readonly operators: ManageOperators) {}

  @Post()
  async create(@CurrentOperator() operator: Operator, @Body() body: NewOperatorDto): Promise<OperatorAnswerDto> {
    return { operator: await this.operators.create(operator, body) };
  }
}
