import { Injectable } from '@nestjs/common';
import { Database, UnitOfWork } from '@app/database';
import { Rejected } from '@app/kernel';
import { OperatorsRepository } from './operators.repository';
import { Passwords } from './passwords';

/** Asks somebody who is signed in for the password once more: an open screen is not enough for what changes the account itself. */
@Injectable()
export class PasswordProof {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly operators: OperatorsRepository,
    private readonly passwords: Passwords,
  ) {}

  /** Throws Rejected `wrong_password` (403). Wrong ones count towards the lock. */
  async demand(operatorId: number, password: string): Promise<void> {
    const account = await this.operators.findById(this.database, operatorId);
    const attempt = await this.unitOfWork.run((tx) => this.operators.bookAttempt(tx, operatorId));
    const right = await this.passwords.matches(account?.passwordHash ?? null, password);
    if (!right || attempt === 'locked') throw new Rejected('wrong_password', '当前密码不正确', 403);
    await this.unitOfWork.run((tx) => this.operators.forgiveAttempt(tx, operatorId));
  }
}
