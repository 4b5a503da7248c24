import { Get, Header } from '@nestjs/common';
import { childrenOf, CHINA, type Region } from '@app/regions';
import { ConsoleController } from '../console-controller';
import { RegionTreeDto } from './regions.dto';

const DAY_SECONDS = 86_400;

/** GB/T 2260 as the console picks from it. */
@ConsoleController('regions')
export class RegionsController {
  private readonly tree: RegionTreeDto = { items: below(CHINA) };

  /** Every division with the one above it, parents first. It changes once a year. */
  @Get()
  @Header('cache-control', `private, max-age=${DAY_SECONDS}`)
  all(): RegionTreeDto {
    return this.tree;
  }
}

function below(adcode: number): Region[] {
  return childrenOf(adcode).flatMap((region) => [region, ...below(region.adcode)]);
}
