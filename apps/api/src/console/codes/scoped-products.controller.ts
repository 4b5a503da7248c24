import { Get } from '@nestjs/common';
import { ScopedProductsModel } from '@app/analytics';
import { scopeOf, type Operator } from '@app/staff';
import { ConsoleController, CurrentOperator } from '../console-controller';
import { ScopedProductsDto } from './products.dto';

/** The goods of whoever asks: a distributor's, with the scans of its own territory. */
@ConsoleController('scoped-products')
export class ScopedProductsController {
  constructor(private readonly products: ScopedProductsModel) {}

  @Get()
  list(@CurrentOperator() operator: Operator): Promise<ScopedProductsDto> {
    return this.products.read(scopeOf(operator));
  }
}
