import { Module } from '@nestjs/common';
import { StaffModule } from '@app/staff';
import { AssignTerritory } from './assign-territory';
import { BindClerk } from './clerks/bind-clerk';
import { ClerkDirectory } from './clerks/clerk-directory';
import { ClerksRepository } from './clerks/clerks.repository';
import { DecideClerk } from './clerks/decide-clerk';
import { StoreBindings } from './clerks/store-bindings';
import { CreateDistributor } from './create-distributor';
import { DistributorDirectory } from './distributor-directory';
import { DistributorsRepository } from './distributors.repository';
import { EndTerritory } from './end-territory';
import { RedemptionList } from './redemptions/redemption-list';
import { RedemptionsRepository } from './redemptions/redemptions.repository';
import { StoreRedemptions } from './redemptions/store-redemptions';
import { KeepStores } from './stores/keep-stores';
import { NearbyStores } from './stores/nearby-stores';
import { StoreDirectory } from './stores/store-directory';
import { StoresRepository } from './stores/stores.repository';
import { TerritoriesRepository } from './territories.repository';
import { TerritoryMap } from './territory-map';

const DOOR = [
  AssignTerritory,
  BindClerk,
  ClerkDirectory,
  CreateDistributor,
  DecideClerk,
  DistributorDirectory,
  EndTerritory,
  KeepStores,
  NearbyStores,
  RedemptionList,
  StoreBindings,
  StoreDirectory,
  StoreRedemptions,
  TerritoryMap,
];

@Module({
  imports: [StaffModule],
  providers: [
    ...DOOR,
    ClerksRepository,
    DistributorsRepository,
    RedemptionsRepository,
    StoresRepository,
    TerritoriesRepository,
  ],
  exports: DOOR,
})
export class ChannelModule {}
