import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { NearbyStores, type StoreNear } from '@app/channel';
import { Rejected } from '@app/kernel';
import { regionWords } from '@app/regions';
import { MemberSession } from '../sign-in/member-session';
import { NearbyStoresQuery, type NearbyStoreDto, type NearbyStoresDto } from './stores-nearby.dto';

/** 附近可兑门店. Where somebody is, is used for this answer and kept nowhere. */
@ApiTags('h5')
@Controller('v1/h5/stores')
export class StoresNearbyController {
  constructor(
    private readonly session: MemberSession,
    private readonly stores: NearbyStores,
  ) {}

  /** By distance with `lat` and `lng` (the hundred nearest within 80 km), else by district. 422 `no_place` with neither. */
  @Get()
  async list(
    @Req() request: FastifyRequest,
    @Query() { lat, lng, ...question }: NearbyStoresQuery,
  ): Promise<NearbyStoresDto> {
    this.session.require(request);
    if ((lat === undefined) !== (lng === undefined)) throw new Rejected('no_place', '经度和纬度要一起给', 422);
    const near = lat === undefined || lng === undefined ? undefined : { latitude: lat, longitude: lng };
    const { items, nextCursor } = await this.stores.list({ ...question, near });
    return { items: items.map(storeDto), nextCursor };
  }
}

function storeDto({ id, name, adcode, address, distanceM }: StoreNear): NearbyStoreDto {
  return { storeId: id, name, region: regionWords(adcode), address, distanceM };
}
