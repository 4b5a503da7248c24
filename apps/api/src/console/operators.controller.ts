import { Body, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ManageOperators, type Operator } from '@app/staff';
import { IdPipe } from '../edge/id.pipe';
import { ConsoleController, CurrentOperator } from './console-controller';
import { MadeOperatorDto, NewOperatorDto, OperatorRightsDto } from './operators.dto';

@ConsoleController('operators')
export class OperatorsController {
  constructor(private readonly operators: ManageOperators) {}

  @Post()
  async create(@CurrentOperator() operator: Operator, @Body() body: NewOperatorDto): Promise<MadeOperatorDto> {
    return { operator: await this.operators.create(operator, body) };
  }

  @Put(':id/rights')
  @HttpCode(204)
  setRights(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Body() { rights, reason }: OperatorRightsDto,
  ): Promise<void> {
    return this.operators.setRights(operator, id, rights, reason);
  }
}
