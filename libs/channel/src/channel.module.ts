import { Module } from '@nestjs/common';
import { StaffModule } from '@app/staff';
import { AssignTerritory } from './assign-territory';
import { CreateDistributor } from './create-distributor';
import { DistributorDirectory } from './distributor-directory';
import { DistributorsRepository } from './distributors.repository';
import { EndTerritory } from './end-territory';
import { KeepStores } from './stores/keep-stores';
import { StoreDirectory } from './stores/store-directory';
import { StoresRepository } from './stores/stores.repository';
import { TerritoriesRepository } from './territories.repository';
import { TerritoryMap } from './territory-map';

@Module({
  imports: [StaffModule],
  providers: [
    AssignTerritory,
    CreateDistributor,
    DistributorDirectory,
    DistributorsRepository,
    EndTerritory,
    KeepStores,
    StoreDirectory,
    StoresRepository,
    TerritoriesRepository,
    TerritoryMap,
  ],
  exports: [
    AssignTerritory,
    CreateDistributor,
    DistributorDirectory,
    EndTerritory,
    KeepStores,
    StoreDirectory,
    TerritoryMap,
  ],
})
export class ChannelModule {}
