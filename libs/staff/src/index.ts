export { ACCOUNT_LIMITS } from './account-limits';
export { AccountDirectory, type AccountQuery } from './account-directory';
export { AuditLog, type AuditEntry, type AuditedAct, type AuditFilter, type ChainVerdict } from './audit-log';
export { GiveAccountLinks, type GivenLink } from './links/give-links';
export { OpenAccountLink, type LinkGreeting } from './links/open-link';
export { Login, type LoginRequest } from './login';
export { ManageOperators, type NewOperator } from './manage-operators';
export type { NewAccountFields } from './new-account';
export {
  BRAND_ROLES,
  DISTRIBUTOR_ROLES,
  hasRight,
  isHeadquarters,
  isOwner,
  isRole,
  needsSecondFactor,
  OPERATOR_RIGHTS,
  ROLES,
  scopeOf,
  SECOND_FACTOR_ROLES,
  WORKING_ROLES,
  type Operator,
  type OperatorRight,
  type Role,
} from './operator';
export type { Account, AccountStatus } from './operators.repository';
export { MIN_PASSWORD_LENGTH } from './passwords';
export { ChangeRoles, type RolesChanged } from './roles/change-roles';
export { DecideRoles } from './roles/decide-roles';
export { SecondFactor, type Enrolment } from './second-factor/second-factor';
export { codeAt } from './second-factor/totp';
export { Sessions } from './sessions';
export type { OpenSession } from './sessions.repository';
export { StaffModule } from './staff.module';
export { assertTwoPeople } from './two-people';
