import { Body, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { BindLot, ProductList, RecallLot, RecordLot, SetLotStages } from '@app/codes';
import type { Operator } from '@app/staff';
import { Audited } from '../audited';
import { EpochDto } from './code-batches.dto';
import { ConsoleController, CurrentOperator } from '../console-controller';
import {
  LotBindingDto,
  LotPageDto,
  LotQuery,
  LotRecalledDto,
  LotStagesDto,
  NewLotDto,
  RecallLotDto,
  ToldStagesDto,
} from './lots.dto';
import { IdPipe } from '../../edge/id.pipe';
import { MadeDto } from '../made.dto';

@ConsoleController('lots')
export class LotsController {
  constructor(
    private readonly lots: ProductList,
    private readonly recordLot: RecordLot,
    private readonly bindLot: BindLot,
    private readonly setStages: SetLotStages,
    private readonly recallLot: RecallLot,
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

  /** 溯源: what became of the lot, as drinkers of its bottles read it from the next scan on. */
  @Put(':id/stages')
  async stages(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) lotId: number,
    @Body() body: LotStagesDto,
  ): Promise<ToldStagesDto> {
    const stages = body.stages.map((stage) => ({ ...stage, detail: stage.detail ?? null }));
    const told = await this.setStages.run(lotId, stages, { by: operator.id });
    await this.audited.after(operator, { act: 'codes.lot-stages', object: `lot:${lotId}`, after: told });
    return told;
  }

  /** 召回: every code that goes with the lot, in all batches and layers; drinkers are told not to drink from the next scan on. */
  @Post(':id/recall')
  @HttpCode(200)
  async recall(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) lotId: number,
    @Body() { reason }: RecallLotDto,
  ): Promise<LotRecalledDto> {
    const done = await this.recallLot.run(lotId, reason, { by: operator.id });
    await this.audited.after(operator, { act: 'codes.recall-lot', object: `lot:${lotId}`, after: done, reason });
    return done;
  }
}
