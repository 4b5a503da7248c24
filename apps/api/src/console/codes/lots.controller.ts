import { Body, Get, Param, Post, Query } from '@nestjs/common';
import { BindLot, ProductList, RecordLot } from '@app/codes';
import type { Operator } from '@app/staff';
import { Audited } from '../audited';
import { EpochDto } from './code-batches.dto';
import { ConsoleController, CurrentOperator } from '../console-controller';
import { LotBindingDto, LotPageDto, LotQuery, NewLotDto } from './lots.dto';
import { IdPipe } from '../../edge/id.pipe';
import { MadeDto } from '../made.dto';

@ConsoleController('lots')
export class LotsController {
  constructor(
    private readonly lots: ProductList,
    private readonly recordLot: RecordLot,
    private readonly bindLot: BindLot,
    private readonly audited: Audited,
  ) {}

  @Get()
  list(@Query() query: LotQuery): Promise<LotPageDto> {
    return this.lots.lots(query);
  }

  @Post()
  async record(@CurrentOperator() operator: Operator, @Body() body: NewLotDto): Promise<MadeDto> {
    const lot = { ...body, expiresOn: body.expiresOn ?? null };
    const made = await this.recordLot.run(lot, { by: operator.id });
    await this.audited.after(operator, { act: 'codes.record-lot', object: `lot:${made.id}`, after: lot });
    return made;
  }

  @Post(':id/bindings')
  async bind(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) lotId: number,
    @Body() range: LotBindingDto,
  ): Promise<EpochDto> {
    const done = await this.bindLot.run({ lotId, ...range }, { by: operator.id });
    await this.audited.after(operator, { act: 'codes.bind-lot', object: `lot:${lotId}`, after: range });
    return done;
  }
}
