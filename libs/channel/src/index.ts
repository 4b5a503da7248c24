export { AssignTerritory, type TerritoryWish } from './assign-territory';
export { attributeScan, indexTerritories, type Territory, type TerritoryIndex } from './attribution';
export { ChannelModule } from './channel.module';
export { CreateDistributor } from './create-distributor';
export { DistributorDirectory } from './distributor-directory';
export type { Distributor, DistributorFilter, DistributorItem } from './distributors.repository';
export { EndTerritory } from './end-territory';
export { KeepDistributors } from './keep-distributors';
export { TerritoryMap } from './territory-map';
export { KeepStores } from './stores/keep-stores';
export { MAX_REDEEMED, type Store, type StoreStatus, type StoreWish } from './stores/store';
export { StoreDirectory } from './stores/store-directory';
export type { StoreFilter, StoreNear } from './stores/stores.repository';
export { CLERK_CONSENT, CLERK_STATES, type Clerk, type ClerkAct, type ClerkState } from './clerks/clerk';
export { BindClerk } from './clerks/bind-clerk';
export { ClerkDirectory } from './clerks/clerk-directory';
export type { ClerkPost } from './clerks/clerks.repository';
export { DecideClerk } from './clerks/decide-clerk';
export { StoreBindings, type StoreBinding } from './clerks/store-bindings';
export type { AwardKey, DayTotal, Redemption, RedemptionItem } from './redemptions/redemption';
export { RedemptionList } from './redemptions/redemption-list';
export type { RedemptionFilter } from './redemptions/redemptions.repository';
export { StoreRedemptions } from './redemptions/store-redemptions';
export { NearbyStores, type NearbyQuestion, type Spot } from './stores/nearby-stores';
export { ConfirmSheet } from './sheets/confirm-sheet';
export { CreditSheet } from './sheets/credit-sheet';
export { DisputeSheet } from './sheets/dispute-sheet';
export type { SheetName } from './sheets/open-sheet';
export {
  CREDIT_KINDS,
  SHEET_SIDES,
  type CreditKind,
  type Sheet,
  type SheetFigures,
  type SheetLine,
  type SheetSide,
} from './sheets/sheet';
export type { CreditWish, DisputeWish, SheetCredit, SheetDispute } from './sheets/sheet-acts.repository';
export { SheetViews, type NamedLine, type SheetDetail, type SheetSummary } from './sheets/sheet-views';
