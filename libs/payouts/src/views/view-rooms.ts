import { ReadCircumstances } from './circumstances';
import { AccountBalancesModel } from './finance/account-balances';
import { FinanceOverviewModel } from './finance/finance-overview';
import { PayoutSums } from './finance/payout-sums';
import { StuckPayouts } from './finance/stuck-payouts';
import { PayoutEvidence } from './payout-evidence';

/** What auditors and finance read. */
export const VIEWS_DOOR = [FinanceOverviewModel, PayoutEvidence, StuckPayouts];
export const VIEWS_ROOMS = [AccountBalancesModel, PayoutSums, ReadCircumstances];
