export { AuditLog, type AuditEntry, type AuditedAct, type ChainVerdict } from './audit-log';
export { Login, type LoginRequest } from './login';
export { ManageOperators, type NewOperator } from './manage-operators';
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
export { MIN_PASSWORD_LENGTH } from './passwords';
export { Sessions } from './sessions';
export { StaffModule } from './staff.module';
export { assertTwoPeople } from './two-people';
