import { Module } from '@nestjs/common';
import { StaffModule } from '@app/staff';
import { AssignTerritory } from './assign-territory';
import { CreateDistributor } from './create-distributor';
import { DistributorDirectory } from './distributor-directory';
import { DistributorsRepository } from './distributors.repository';
import { EndTerritory } from './end-territory';
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
    TerritoriesRepository,
    TerritoryMap,
  ],
  exports: [AssignTerritory, CreateDistributor, DistributorDirectory, EndTerritory, TerritoryMap],
})
export class ChannelModule {}
