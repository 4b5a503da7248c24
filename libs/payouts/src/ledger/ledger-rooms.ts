import { BudgetList } from './budget-list';
import { Budgets } from './budgets';
import { Confirmations } from './confirmations';
import { Corrections } from './corrections';
import { GrantUses } from './grant-uses';
import { ApproveGrant, CreateBudget, RequestGrant } from './grants';
import { LedgerCheck } from './ledger-check';
import { LedgerSummaries } from './ledger-summary';
import { Releases } from './releases';
import { Settlements } from './settlements';

/** What other libraries and screens ask of the ledger. */
export const LEDGER_DOOR = [
  ApproveGrant,
  BudgetList,
  Budgets,
  Confirmations,
  Corrections,
  CreateBudget,
  LedgerCheck,
  LedgerSummaries,
  Releases,
  RequestGrant,
  Settlements,
];

export const LEDGER_ROOMS = [GrantUses];
