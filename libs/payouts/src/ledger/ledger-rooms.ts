import { BudgetList } from './budget-list';
import { BudgetStatements } from './budget-statement';
import { Budgets } from './budgets';
import { CheckByNight } from './check-by-night';
import { Confirmations } from './confirmations';
import { CorrectionList } from './correction-list';
import { Corrections } from './corrections';
import { GrantList } from './grant-list';
import { GrantUses } from './grant-uses';
import { ApproveGrant, CreateBudget, RejectGrant, RequestGrant, WithdrawGrant } from './grants';
import { LedgerCheck } from './ledger-check';
import { LedgerSummaries } from './ledger-summary';
import { Releases } from './releases';
import { Settlements } from './settlements';

/** What other libraries and screens ask of the ledger. */
export const LEDGER_DOOR = [
  ApproveGrant,
  BudgetList,
  BudgetStatements,
  Budgets,
  CheckByNight,
  Confirmations,
  CorrectionList,
  Corrections,
  CreateBudget,
  GrantList,
  LedgerCheck,
  LedgerSummaries,
  RejectGrant,
  Releases,
  RequestGrant,
  Settlements,
  WithdrawGrant,
];

export const LEDGER_ROOMS = [GrantUses];
