import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { Database, UnitOfWork } from '@app/database';
import { Rejected } from '@app/kernel';
import { counter, LOGGER, type Logger } from '@app/observability';
import { AuditLog } from './audit-log';
import type { Operator } from './operator';
import { OperatorsRepository } from './operators.repository';
import { Passwords } from './passwords';
import { SessionsRepository } from './sessions.repository';

export interface LoginRequest {
  readonly login: string;
  readonly password: string;
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
    private readonly audit: AuditLog,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /**
   * The token is shown once and kept by the browser alone. Every refusal (no such login, wrong password, disabled, locked for 15
   * minutes after 5 wrong passwords) is the same 401 after the same work, so that it tells nothing.
   */
  async run({ login, password, ip, userAgent }: LoginRequest): Promise<{ token: string; operator: Operator }> {
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
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    await this.unitOfWork.run(async (tx) => {
      await this.operators.clearAttempts(tx, account.id);
      await this.sessions.open(tx, token, account.id, ip, userAgent);
      await this.audit.append(tx, {
        actorId: account.id,
        act: 'staff.login',
        object: `operator:${account.id}`,
        after: { ip },
      });
    });
    outcomes.inc({ outcome: 'opened' });
    const { id, name, roles, distributorId, rights = [] } = account;
    return { token, operator: { id, login: account.login, name, roles, distributorId, rights } };
  }

  private async recordLock(id: number): Promise<void> {
    this.log.warn({ operatorId: id }, 'operator locked after too many wrong passwords');
    await this.unitOfWork.run((tx) =>
      this.audit.append(tx, { actorId: null, act: 'staff.locked', object: `operator:${id}` }),
    );
  }
}

/** Logins do not distinguish case or spaces around them. */
export function normaliseLogin(login: string): string {
  return login.trim().toLowerCase().slice(0, 64);
}
