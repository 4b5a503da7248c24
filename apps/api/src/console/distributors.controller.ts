import { Body, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { AssignTerritory, CreateDistributor, DistributorDirectory, EndTerritory } from '@app/channel';
import { scopeOf, type Operator } from '@app/staff';
import { PageQuery } from '../edge/page.dto';
import { ConsoleController, CurrentOperator } from './console-controller';
import { DistributorPageDto, EndTerritoryDto, NewDistributorDto, NewTerritoryDto } from './distributors.dto';
import { IdPipe } from '../edge/id.pipe';
import { MadeDto } from './made.dto';

@ConsoleController('')
export class DistributorsController {
  constructor(
    private readonly distributors: DistributorDirectory,
    private readonly createDistributor: CreateDistributor,
    private readonly assignTerritory: AssignTerritory,
    private readonly endTerritory: EndTerritory,
  ) {}

  /** A distributor sees itself. */
  @Get('distributors')
  list(@CurrentOperator() operator: Operator, @Query() page: PageQuery): Promise<DistributorPageDto> {
    return this.distributors.list(scopeOf(operator), page);
  }

  @Post('distributors')
  async create(@CurrentOperator() operator: Operator, @Body() body: NewDistributorDto): Promise<MadeDto> {
    return { id: await this.createDistributor.run(operator, body) };
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
