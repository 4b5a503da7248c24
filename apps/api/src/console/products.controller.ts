import { Body, Get, Post, Query } from '@nestjs/common';
import { CreateProduct, ProductList } from '@app/codes';
import type { Operator } from '@app/staff';
import { PageQuery } from '../edge/page.dto';
import { Audited } from './audited';
import { ConsoleController, CurrentOperator } from './console-controller';
import { MadeDto } from './made.dto';
import { NewProductDto, ProductPageDto } from './products.dto';

@ConsoleController('products')
export class ProductsController {
  constructor(
    private readonly products: ProductList,
    private readonly createProduct: CreateProduct,
    private readonly audited: Audited,
  ) {}

  @Get()
  list(@Query() page: PageQuery): Promise<ProductPageDto> {
    return this.products.page(page);
  }

  @Post()
  async create(@CurrentOperator() operator: Operator, @Body() body: NewProductDto): Promise<MadeDto> {
    const product = { ...body, gtin: body.gtin ?? null, imageUrl: body.imageUrl ?? null };
    const made = await this.createProduct.run(product, { by: operator.id });
    await this.audited.after(operator, { act: 'codes.create-product', object: `product:${made.id}`, after: product });
    return made;
  }
}
