import { Module } from '@nestjs/common';
import { AccountDirectory } from './account-directory';
import { AuditLog } from './audit-log';
import { GiveAccountLinks } from './links/give-links';
import { LinksRepository } from './links/links.repository';
import { OpenAccountLink } from './links/open-link';
import { Login } from './login';
import { ManageOperators } from './manage-operators';
import { OperatorsRepository } from './operators.repository';
import { PasswordProof } from './password-proof';
import { Passwords } from './passwords';
import { ChangeRoles } from './roles/change-roles';
import { DecideRoles } from './roles/decide-roles';
import { RoleRequestsRepository } from './roles/role-requests.repository';
import { SecondFactor } from './second-factor/second-factor';
import { SecondFactorsRepository } from './second-factor/second-factors.repository';
import { Sessions } from './sessions';
import { SessionsRepository } from './sessions.repository';

const doors = [
  ...[AccountDirectory, AuditLog, ChangeRoles, DecideRoles, GiveAccountLinks, Login],
  ...[ManageOperators, OpenAccountLink, SecondFactor, Sessions],
];

@Module({
  providers: [
    ...doors,
    ...[LinksRepository, OperatorsRepository, PasswordProof, Passwords],
    ...[RoleRequestsRepository, SecondFactorsRepository, SessionsRepository],
  ],
  exports: doors,
})
export class StaffModule {}
