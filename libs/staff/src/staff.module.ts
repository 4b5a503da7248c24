import { Module } from '@nestjs/common';
import { AuditLog } from './audit-log';
import { Login } from './login';
import { ManageOperators } from './manage-operators';
import { OperatorsRepository } from './operators.repository';
import { Passwords } from './passwords';
import { Sessions } from './sessions';
import { SessionsRepository } from './sessions.repository';

@Module({
  providers: [AuditLog, Login, ManageOperators, OperatorsRepository, Passwords, Sessions, SessionsRepository],
  exports: [AuditLog, Login, ManageOperators, Sessions],
})
export class StaffModule {}
