import { Body, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { KeepStores, StoreDirectory, type Store, type StoreWish } from '@app/channel';
import { Rejected } from '@app/kernel';
import { regionWords } from '@app/regions';
import { scopeOf, type Operator } from '@app/staff';
import { IdPipe } from '../../edge/id.pipe';
import { ConsoleController, CurrentOperator } from '../console-controller';
import { MadeDto } from '../made.dto';
import { NewStoreDto, StoreDto, StoreListQuery, StorePageDto, StoreStatusDto, StoreWishDto } from './stores.dto';

/** 终端门店. A distributor sees and keeps its own. */
@ConsoleController('stores')
export class StoresController {
  constructor(
    private readonly stores: StoreDirectory,
    private readonly keep: KeepStores,
  ) {}

  @Get()
  async list(@CurrentOperator() operator: Operator, @Query() query: StoreListQuery): Promise<StorePageDto> {
    const { items, nextCursor } = await this.stores.list(scopeOf(operator), query);
    return { items: items.map(storeDto), nextCursor };
  }

  @Get(':id')
  async one(@CurrentOperator() operator: Operator, @Param('id', IdPipe) id: number): Promise<StoreDto> {
    const store = await this.stores.find(scopeOf(operator), id);
    if (!store) throw new Rejected('no_store', '没有这家门店', 404);
    return storeDto(store);
  }

  @Post()
  async open(@CurrentOperator() operator: Operator, @Body() body: NewStoreDto): Promise<MadeDto> {
    return { id: await this.keep.open(operator, body.distributorId, wishOf(body)) };
  }

  @Put(':id')
  @HttpCode(204)
  async change(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Body() body: StoreWishDto,
  ): Promise<void> {
    await this.keep.change(operator, id, wishOf(body));
  }

  /** Closes a store or opens it again. */
  @Post(':id/status')
  @HttpCode(204)
  async setStatus(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Body() { status, reason }: StoreStatusDto,
  ): Promise<void> {
    await this.keep.setStatus(operator, id, status, reason);
  }
}

function wishOf({ name, adcode, address, location, redeemsAll, productIds = [] }: StoreWishDto): StoreWish {
  if (redeemsAll && productIds.length > 0) {
    throw new Rejected('bad_products', '兑付全部商品时不用再选商品', 422);
  }
  return { name, adcode, address, location: location ?? null, redeems: redeemsAll ? 'all' : productIds };
}

function storeDto({ redeems, ...store }: Store): StoreDto {
  const all = redeems === 'all';
  return { ...store, region: regionWords(store.adcode), redeemsAll: all, productIds: all ? [] : redeems };
}
