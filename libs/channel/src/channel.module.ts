import { Module } from '@nestjs/common';
import { MembersModule } from '@app/members';
import { StaffModule } from '@app/staff';
import { AssignTerritory } from './assign-territory';
import { BindClerk } from './clerks/bind-clerk';
import { ClerkDirectory } from './clerks/clerk-directory';
import { ClerksRepository } from './clerks/clerks.repository';
import { DecideClerk } from './clerks/decide-clerk';
import { ForgetClerk } from './clerks/forget-clerk';
import { StoreBindings } from './clerks/store-bindings';
import { CreateDistributor } from './create-distributor';
import { DistributorDirectory } from './distributor-directory';
import { DistributorsRepository } from './distributors.repository';
import { EndTerritory } from './end-territory';
import { KeepDistributors } from './keep-distributors';
import { RedemptionList } from './redemptions/redemption-list';
import { RedemptionsRepository } from './redemptions/redemptions.repository';
import { StoreRedemptions } from './redemptions/store-redemptions';
import { ConfirmSheet } from './sheets/confirm-sheet';
import { CreditSheet } from './sheets/credit-sheet';
import { DisputeSheet } from './sheets/dispute-sheet';
import { OpenSheet } from './sheets/open-sheet';
import { SheetActsRepository } from './sheets/sheet-acts.repository';
import { SheetFiguresReader } from './sheets/sheet-figures';
import { SheetViews } from './sheets/sheet-views';
import { SheetsRepository } from './sheets/sheets.repository';
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
  ConfirmSheet,
  CreateDistributor,
  CreditSheet,
  DecideClerk,
  DisputeSheet,
  DistributorDirectory,
  EndTerritory,
  KeepDistributors,
  KeepStores,
  NearbyStores,
  RedemptionList,
  SheetViews,
  StoreBindings,
  StoreDirectory,
  StoreRedemptions,
  TerritoryMap,
];

@Module({
  imports: [MembersModule, StaffModule],
  providers: [
    ...DOOR,
    ClerksRepository,
    DistributorsRepository,
    ForgetClerk,
    OpenSheet,
    RedemptionsRepository,
    SheetActsRepository,
    SheetFiguresReader,
    SheetsRepository,
    StoresRepository,
    TerritoriesRepository,
  ],
  exports: DOOR,
})
export class ChannelModule {}
