import { BookOldSettlements } from './book-old-settlements';
import { BudgetList } from './budget-list';
import { BudgetStatements } from './budget-statement';
import { Budgets } from './budgets';
import { CameBack } from './came-back';
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
import { ReturnUnspent } from './write-offs/return-unspent';
import { WriteOffEvidence } from './write-offs/write-off-evidence';
import { WriteOffList } from './write-offs/write-off-list';
import { WriteOffSheets } from './write-offs/write-off-sheets';

/** What other libraries and screens ask of the ledger. */
export const LEDGER_DOOR = [
  ApproveGrant,
  BudgetList,
  BudgetStatements,
  Budgets,
  CameBack,
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
  WriteOffEvidence,
  WriteOffList,
  WriteOffSheets,
];

export const LEDGER_ROOMS = [BookOldSettlements, GrantUses, ReturnUnspent];
