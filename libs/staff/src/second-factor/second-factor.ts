import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { Database, databaseNow, Sealer, UnitOfWork, type Tx } from '@app/database';
import { Rejected, systemRandom } from '@app/kernel';
import { AuditLog } from '../audit-log';
import { needsSecondFactor, type Operator } from '../operator';
import { OperatorsRepository } from '../operators.repository';
import { PasswordProof } from '../password-proof';
import { Sessions } from '../sessions';
import { SecondFactorsRepository } from './second-factors.repository';
import { newRecoveryCodes, newSecret, recoveryHash, stepOf, uriOf } from './totp';

/** What the phone reads: as a QR code, or typed. */
export interface Enrolment {
  /** base32 */
  readonly secret: string;
  /** `otpauth://totp/…` */
  readonly uri: string;
}

const WRONG_CODE = '验证码不对或已用过，请等下一个验证码再试';

/** Codes from a phone (TOTP, RFC 6238) beside the password, and recovery codes for the day the phone is lost. */
@Injectable()
export class SecondFactor {
  private readonly sealer: Sealer;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly factors: SecondFactorsRepository,
    private readonly operators: OperatorsRepository,
    private readonly proof: PasswordProof,
    private readonly sessions: Sessions,
    private readonly audit: AuditLog,
  ) {
    this.sealer = Sealer.fromConfig(config);
  }

  /** Must somebody with these roles enrol before anything else? Only a system that is not production may leave it to people. */
  mustEnrol(operator: Operator): boolean {
    return this.demandedOf(operator) && operator.secondFactor !== true;
  }

  demandedOf(operator: Operator): boolean {
    return this.config.secondFactor === 'required' && needsSecondFactor(operator);
  }

  /** A new secret, which counts once a code of it has come back. Asked for with the password. Throws Rejected `wrong_password` (403). */
  async propose(operator: Operator, password: string): Promise<Enrolment> {
    await this.proof.demand(operator.id, password);
    const secret = newSecret(systemRandom);
    const sealed = this.sealer.seal(secret, aad(operator.id));
    await this.unitOfWork.run((tx) => this.factors.propose(tx, operator.id, sealed));
    return { secret, uri: uriOf(secret, `一码 ${this.config.brand.name}`, operator.login) };
  }

  /** Returns the recovery codes, shown this once. Throws Rejected `no_enrolment` (409), `wrong_code` (422). */
  async confirm(operator: Operator, code: string): Promise<string[]> {
    const codes = newRecoveryCodes(systemRandom);
    await this.unitOfWork.run(async (tx) => {
      const { proposed } = await this.factors.find(tx, operator.id);
      if (!proposed) throw new Rejected('no_enrolment', '请先扫描二维码', 409);
      const step = stepOf(this.sealer.open(proposed, aad(operator.id)), plain(code), await databaseNow(tx));
      if (step === null) throw new Rejected('wrong_code', WRONG_CODE, 422);
      if (!(await this.factors.confirm(tx, operator.id, proposed, step))) {
        throw new Rejected('no_enrolment', '二维码已经换过，请重新扫描', 409);
      }
      await this.keep(tx, operator.id, codes);
      await this.record(tx, operator.id, 'staff.second-factor');
    });
    this.sessions.forget(operator.id);
    return codes;
  }

  /** New recovery codes for the old ones, asked for with a code. Throws Rejected `wrong_code` (422). */
  async renewRecovery(operator: Operator, code: string): Promise<string[]> {
    const codes = newRecoveryCodes(systemRandom);
    await this.demand(operator, code);
    await this.unitOfWork.run(async (tx) => {
      await this.keep(tx, operator.id, codes);
      await this.record(tx, operator.id, 'staff.recovery-codes');
    });
    return codes;
  }

  /** Throws Rejected `wrong_code` (422), `second_factor_needed` (409) for a role that must have one. */
  async remove(operator: Operator, code: string): Promise<void> {
    if (this.demandedOf(operator)) {
      throw new Rejected('second_factor_needed', '您的角色必须使用动态验证码，不能关闭', 409);
    }
    await this.demand(operator, code);
    await this.unitOfWork.run(async (tx) => {
      await this.factors.remove(tx, operator.id);
      await this.record(tx, operator.id, 'staff.second-factor-removed');
    });
    this.sessions.forget(operator.id);
  }

  recoveryLeft(operatorId: number): Promise<number> {
    return this.factors.recoveryLeft(this.database, operatorId);
  }

  /** Uses up a code from the phone, or a recovery code. The attempt was booked before; only one of two that come together is right. */
  async accepts(tx: Tx, operatorId: number, code: string): Promise<'phone' | 'recovery' | null> {
    const { sealed } = await this.factors.find(tx, operatorId);
    if (!sealed) return null;
    const step = stepOf(this.sealer.open(sealed, aad(operatorId)), plain(code), await databaseNow(tx));
    if (step !== null) return (await this.factors.useStep(tx, operatorId, step)) ? 'phone' : null;
    const hash = recoveryHash(code);
    return hash && (await this.factors.useRecovery(tx, operatorId, hash)) ? 'recovery' : null;
  }

  /** A signed-in person shows the phone again; wrong codes count towards the lock like wrong passwords. */
  private async demand({ id }: Operator, code: string): Promise<void> {
    const attempt = await this.unitOfWork.run((tx) => this.operators.bookAttempt(tx, id));
    if (attempt === 'locked') throw new Rejected('wrong_code', WRONG_CODE, 422);
    const accepted = await this.unitOfWork.run((tx) => this.accepts(tx, id, code));
    if (!accepted) throw new Rejected('wrong_code', WRONG_CODE, 422);
    await this.unitOfWork.run((tx) => this.operators.clearAttempts(tx, id));
  }

  private async keep(tx: Tx, operatorId: number, codes: readonly string[]): Promise<void> {
    await this.factors.replaceRecovery(
      tx,
      operatorId,
      codes.map((code) => recoveryHash(code)!),
    );
  }

  private record(tx: Tx, actorId: number, act: string): Promise<void> {
    return this.audit.append(tx, { actorId, act, object: `operator:${actorId}` });
  }
}

const aad = (operatorId: number): string => `operators.totp:${operatorId}`;
const plain = (code: string): string => code.replaceAll(/\s/g, '');
