import { Controller, Get, Header, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { childrenOf, CHINA } from '@app/regions';
import { RegionsQuery, type RegionDto } from './regions.dto';

/** Divisions to pick an address from. Everybody may know them, and they change once a year. */
@ApiTags('h5')
@Controller('v1/h5/regions')
export class RegionsController {
  /** What lies directly below a region, by code; the provinces when none is named. Empty for the finest ones. */
  @Get()
  @Header('cache-control', 'public, max-age=86400')
  list(@Query() { under }: RegionsQuery): RegionDto[] {
    return childrenOf(under ?? CHINA).map(({ adcode, name }) => ({ adcode, name }));
  }
}
