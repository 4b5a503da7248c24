import { Platform1790000000100 } from './1790000000100-platform';
import { Catalogue1790000000200 } from './1790000000200-catalogue';
import { Members1790000000300 } from './1790000000300-members';
import { Payouts1790000000400 } from './1790000000400-payouts';
import { Analytics1790000000500 } from './1790000000500-analytics';
import { CampaignLifecycle1790000000600 } from './1790000000600-campaign-lifecycle';
import { Prizes1790000000700 } from './1790000000700-prizes';
import { Audiences1790000000800 } from './1790000000800-audiences';
import { Counters1790000000900 } from './1790000000900-counters';
import { Replays1790000001000 } from './1790000001000-replays';
import { TagsOfMember1790000001100 } from './1790000001100-tags-of-member';
import { SyntheticReplays1790000001200 } from './1790000001200-synthetic-replays';
import { Ledger1790000001300 } from './1790000001300-ledger';
import { Channels1790000001400 } from './1790000001400-channels';
import { PayoutLine1790000001500 } from './1790000001500-payout-line';
import { Pools1790000001600 } from './1790000001600-pools';
import { Reconciliation1790000001700 } from './1790000001700-reconciliation';
import { Cases1790000001800 } from './1790000001800-cases';
import { MoneyInDoubt1790000001900 } from './1790000001900-money-in-doubt';
import { PayoutHours1790000001910 } from './1790000001910-payout-hours';
import { Screens1790000002100 } from './1790000002100-screens';
import { ProductPlaces1790000002150 } from './1790000002150-product-places';
import { Service1790000002200 } from './1790000002200-service';
import { Roles1790000002300 } from './1790000002300-roles';
import { Accounts1790000002310 } from './1790000002310-accounts';
import { Redemptions1790000002400 } from './1790000002400-redemptions';
import { CampaignDays1790000002900 } from './1790000002900-campaign-days';
import { LotStages1790000003000 } from './1790000003000-lot-stages';
import { Erasure1790000003100 } from './1790000003100-erasure';
import { Pictures1790000003200 } from './1790000003200-pictures';
import { SealedPacks1790000003300 } from './1790000003300-sealed-packs';
import { RollsAndHoney1790000003600 } from './1790000003600-rolls-and-honey';

/** Forward only, in this order. A new one goes to the end. */
export const migrations = [
  Platform1790000000100,
  Catalogue1790000000200,
  Members1790000000300,
  Payouts1790000000400,
  Analytics1790000000500,
  CampaignLifecycle1790000000600,
  Prizes1790000000700,
  Audiences1790000000800,
  Counters1790000000900,
  Replays1790000001000,
  TagsOfMember1790000001100,
  SyntheticReplays1790000001200,
  Ledger1790000001300,
  Channels1790000001400,
  PayoutLine1790000001500,
  Pools1790000001600,
  Reconciliation1790000001700,
  Cases1790000001800,
  MoneyInDoubt1790000001900,
  PayoutHours1790000001910,
  Screens1790000002100,
  ProductPlaces1790000002150,
  Service1790000002200,
  Roles1790000002300,
  Accounts1790000002310,
  Redemptions1790000002400,
  CampaignDays1790000002900,
  LotStages1790000003000,
  Erasure1790000003100,
  Pictures1790000003200,
  SealedPacks1790000003300,
  RollsAndHoney1790000003600,
];
