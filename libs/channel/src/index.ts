export { AssignTerritory, type TerritoryWish } from './assign-territory';
export { attributeScan, indexTerritories, type Territory, type TerritoryIndex } from './attribution';
export { ChannelModule } from './channel.module';
export { CreateDistributor } from './create-distributor';
export { DistributorDirectory } from './distributor-directory';
export type { Distributor } from './distributors.repository';
export { EndTerritory } from './end-territory';
export { TerritoryMap } from './territory-map';
