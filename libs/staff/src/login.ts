import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { Database, UnitOfWork } from '@app/database';
import { Rejected } from '@app/kernel';
import { counter, LOGGER, type Logger } from '@app/observability';
import { AuditLog } from './audit-log';
import { normaliseLogin } from './login-name';
import type { Operator } from './operator';
import { OperatorsRepository } from './operators.repository';
import { Passwords } from './passwords';
import { SecondFactor } from './second-factor/second-factor';
import { SessionsRepository } from './sessions.repository';

export interface LoginRequest {
  readonly login: string;
  readonly password: string;
  /** From the phone, or a recovery code; wanted from accounts that have a second factor. */
  readonly code?: string | undefined;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

const TOKEN_BYTES = 32;
/** No refusal comes sooner, so that the few writes more or less behind it cannot be told by a clock. */
const REFUSAL_MS = 300;
const outcomes = counter('staff_logins_total', 'Console logins by outcome', ['outcome'] as const);

/** Opens a console session. */
@Injectable()
export class Login {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly operators: OperatorsRepository,
    private readonly sessions: SessionsRepository,
    private readonly passwords: Passwords,
    private readonly secondFactor: SecondFactor,
    private readonly audit: AuditLog,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /**
   * The token is shown once and kept by the browser alone. Every refusal (no such login, wrong password, disabled, locked for 15
   * minutes after 5 wrong passwords or codes) is the same 401 after the same work, so that it tells nothing. Only who knows the password
   * learns that a code is wanted (`code_needed`) or wrong (`code_wrong`).
   */
  async run({ login, password, code, ip, userAgent }: LoginRequest): Promise<{ token: string; operator: Operator }> {
    const refusal = sleep(REFUSAL_MS);
    const known = await this.operators.findByLogin(this.database, normaliseLogin(login));
    const account = known?.active ? known : null;
    const attempt = account ? await this.unitOfWork.run((tx) => this.operators.bookAttempt(tx, account.id)) : 'locked';
    const right = await this.passwords.matches(account?.passwordHash ?? null, password);
    if (!account || !right || attempt === 'locked') {
      outcomes.inc({ outcome: attempt === 'last' ? 'locked_now' : 'refused' });
      if (account && attempt === 'last') await this.recordLock(account.id);
      await refusal;
      throw new Rejected('login_failed', '账号或密码不正确，或账号已被暂时锁定，请稍后再试', 401);
    }
    const factor = account.secondFactor ? await this.demandCode(account.id, code, attempt, refusal) : null;
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    await this.unitOfWork.run(async (tx) => {
      await this.operators.clearAttempts(tx, account.id);
      await this.sessions.open(tx, token, account.id, ip, userAgent);
      await this.audit.append(tx, {
        actorId: account.id,
        act: 'staff.login',
        object: `operator:${account.id}`,
        after: { ip, ...(factor && { factor }) },
      });
    });
    outcomes.inc({ outcome: 'opened' });
    return { token, operator: operatorAlone(account) };
  }

  /** The attempt was booked with the password. Without a code it is taken back: only guesses count. */
  private async demandCode(
    id: number,
    code: string | undefined,
    attempt: 'open' | 'last',
    refusal: Promise<void>,
  ): Promise<'phone' | 'recovery'> {
    if (code === undefined) {
      await this.unitOfWork.run((tx) => this.operators.forgiveAttempt(tx, id));
      throw new Rejected('code_needed', '请输入手机验证器上的 6 位验证码', 401);
    }
    const factor = await this.unitOfWork.run((tx) => this.secondFactor.accepts(tx, id, code));
    if (factor) return factor;
    outcomes.inc({ outcome: attempt === 'last' ? 'locked_now' : 'wrong_code' });
    if (attempt === 'last') await this.recordLock(id);
    await refusal;
    throw new Rejected('code_wrong', '验证码不对或已用过，请等下一个验证码再试', 401);
  }

  private async recordLock(id: number): Promise<void> {
    this.log.warn({ operatorId: id }, 'operator locked after too many wrong passwords');
    await this.unitOfWork.run((tx) =>
      this.audit.append(tx, { actorId: null, act: 'staff.locked', object: `operator:${id}` }),
    );
  }
}

function operatorAlone({
  id,
  login,
  name,
  roles,
  distributorId,
  rights = [],
  secondFactor = false,
}: Operator): Operator {
  return { id, login, name, roles, distributorId, rights, secondFactor };
}
