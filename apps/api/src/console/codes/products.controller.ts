import { Body, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ChangePrice, CreateProduct, EditProduct, ProductList } from '@app/codes';
import type { Operator } from '@app/staff';
import { IdPipe } from '../../edge/id.pipe';
import { Audited } from '../audited';
import { ConsoleController, CurrentOperator } from '../console-controller';
import { MadeDto } from '../made.dto';
import {
  NewPriceDto,
  NewProductDto,
  ProductChangeDto,
  ProductDetailDto,
  ProductPageDto,
  ProductQuery,
} from './products.dto';

@ConsoleController('products')
export class ProductsController {
  constructor(
    private readonly products: ProductList,
    private readonly createProduct: CreateProduct,
    private readonly editProduct: EditProduct,
    private readonly changePrice: ChangePrice,
    private readonly audited: Audited,
  ) {}

  @Get()
  list(@Query() query: ProductQuery): Promise<ProductPageDto> {
    return this.products.page(query);
  }

  /** A product with the history of its price. */
  @Get(':id')
  one(@Param('id', IdPipe) id: number): Promise<ProductDetailDto> {
    return this.products.one(id);
  }

  @Put(':id')
  @HttpCode(204)
  async edit(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Body() body: ProductChangeDto,
  ): Promise<void> {
    const after = { ...body, gtin: body.gtin ?? null, imageUrl: body.imageUrl ?? null };
    const before = await this.editProduct.run(id, after);
    await this.audited.after(operator, { act: 'codes.edit-product', object: `product:${id}`, before, after });
  }

  /** Another suggested retail price, from now or from a later instant on. */
  @Post(':id/prices')
  @HttpCode(204)
  async price(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) productId: number,
    @Body() { priceFen, from }: NewPriceDto,
  ): Promise<void> {
    const when = from === undefined ? {} : { from: new Date(from) };
    await this.changePrice.run({ productId, priceFen, ...when }, { by: operator.id });
    const after = { priceFen, ...when };
    await this.audited.after(operator, { act: 'codes.change-price', object: `product:${productId}`, after });
  }

  @Post()
  async create(@CurrentOperator() operator: Operator, @Body() body: NewProductDto): Promise<MadeDto> {
    const product = { ...body, gtin: body.gtin ?? null, imageUrl: body.imageUrl ?? null };
    const made = await this.createProduct.run(product, { by: operator.id });
    await this.audited.after(operator, { act: 'codes.create-product', object: `product:${made.id}`, after: product });
    return made;
  }
}
