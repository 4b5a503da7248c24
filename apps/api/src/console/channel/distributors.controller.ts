import { Body, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import {
  AssignTerritory,
  CreateDistributor,
  DistributorDirectory,
  EndTerritory,
  KeepDistributors,
  type Territory,
} from '@app/channel';
import { Rejected } from '@app/kernel';
import { CHINA, regionWords } from '@app/regions';
import { scopeOf, type Operator } from '@app/staff';
import { PageQuery } from '../../edge/page.dto';
import { ConsoleController, CurrentOperator } from '../console-controller';
import {
  DistributorDto,
  DistributorListQuery,
  DistributorPageDto,
  DistributorStatusDto,
  DistributorWishDto,
  EndTerritoryDto,
  NewDistributorDto,
  NewTerritoryDto,
  TerritoryDto,
  TerritoryPageDto,
} from './distributors.dto';
import { IdPipe } from '../../edge/id.pipe';
import { MadeDto } from '../made.dto';

@ConsoleController('')
export class DistributorsController {
  constructor(
    private readonly distributors: DistributorDirectory,
    private readonly createDistributor: CreateDistributor,
    private readonly keep: KeepDistributors,
    private readonly assignTerritory: AssignTerritory,
    private readonly endTerritory: EndTerritory,
  ) {}

  /** A distributor sees itself. */
  @Get('distributors')
  list(
    @CurrentOperator() operator: Operator,
    @Query() { below, ...query }: DistributorListQuery,
  ): Promise<DistributorPageDto> {
    const parent = below === undefined ? {} : { parentId: below === 0 ? null : below };
    return this.distributors.list(scopeOf(operator), { ...query, ...parent });
  }

  @Get('distributors/:id')
  async one(@CurrentOperator() operator: Operator, @Param('id', IdPipe) id: number): Promise<DistributorDto> {
    const found = await this.distributors.find(scopeOf(operator), id);
    if (!found) throw new Rejected('no_distributor', '没有这个经销商', 404);
    return found;
  }

  @Post('distributors')
  async create(@CurrentOperator() operator: Operator, @Body() body: NewDistributorDto): Promise<MadeDto> {
    return { id: await this.createDistributor.run(operator, body) };
  }

  @Put('distributors/:id')
  @HttpCode(204)
  async change(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Body() { name, parentId }: DistributorWishDto,
  ): Promise<void> {
    await this.keep.change(operator, id, { name, parentId: parentId ?? null });
  }

  /** Ends the cooperation, and with it its territories from now on; or takes it up again, without territories. */
  @Post('distributors/:id/status')
  @HttpCode(204)
  async setStatus(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Body() { status, reason }: DistributorStatusDto,
  ): Promise<void> {
    await this.keep.setStatus(operator, id, status, reason);
  }

  /** In the order in which they were given, those that are over included. */
  @Get('distributors/:id/territories')
  async territories(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) distributorId: number,
    @Query() page: PageQuery,
  ): Promise<TerritoryPageDto> {
    const { items, nextCursor } = await this.distributors.territoriesOf(scopeOf(operator), distributorId, page);
    return { items: items.map(territoryDto), nextCursor };
  }

  @Post('distributors/:id/territories')
  async assign(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) distributorId: number,
    @Body() { adcode, productLine, from, to }: NewTerritoryDto,
  ): Promise<MadeDto> {
    const period = { from: new Date(from), to: to ? new Date(to) : null };
    const wish = { distributorId, adcode, productLine: productLine ?? null, ...period };
    return { id: await this.assignTerritory.run(operator, wish) };
  }

  @Post('territories/:id/end')
  @HttpCode(204)
  async end(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) territoryId: number,
    @Body() { at, reason }: EndTerritoryDto,
  ): Promise<void> {
    await this.endTerritory.run(operator, territoryId, new Date(at), reason);
  }
}

function territoryDto(territory: Territory): TerritoryDto {
  const { adcode } = territory;
  return { ...territory, region: adcode === CHINA ? '全国' : regionWords(adcode) || String(adcode) };
}
