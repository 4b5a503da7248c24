import { Injectable } from '@nestjs/common';
import { type Reader, type SqlValue, textOf, type Tx } from '@app/database';
import { OPERATOR_RIGHTS, ROLES, type Operator, type OperatorRight, type Role } from './operator';

export interface OperatorRaw {
  id: number;
  login: Buffer;
  name: string;
  roles: Buffer;
  rights: Buffer;
  distributor_id: number | null;
  has_totp: number;
}

/** What `operatorOf` reads of `operators o`. */
export const OPERATOR_COLUMNS =
  'o.id, o.login, o.name, o.roles, o.rights, o.distributor_id, o.totp_sealed IS NOT NULL AS has_totp';

/** `invited`: nobody has set a password yet. */
export type AccountStatus = 'active' | 'invited' | 'disabled';

/** An account as those see it who look after it. */
export interface Account extends Operator {
  readonly status: AccountStatus;
  readonly locked: boolean;
  readonly createdAt: Date;
  /** Of the newest session. */
  readonly lastSeenAt: Date | null;
  readonly distributorName: string | null;
  /** Roles that wait for a second person. */
  readonly asked: { readonly id: number; readonly roles: readonly Role[]; readonly by: number } | null;
}

/** An operator with what only the login may read. */
export interface OperatorSecrets extends Operator {
  /** Null until one was set. */
  readonly passwordHash: string | null;
  readonly active: boolean;
  readonly status: AccountStatus;
}

interface SecretsRaw extends OperatorRaw {
  password_hash: Buffer;
  status: Buffer;
}

export function operatorOf(raw: OperatorRaw): Operator {
  return {
    id: raw.id,
    login: textOf(raw.login),
    name: raw.name,
    roles: rolesOf(textOf(raw.roles)),
    distributorId: raw.distributor_id,
    rights: rightsOf(textOf(raw.rights)),
    secondFactor: Number(raw.has_totp) === 1,
  };
}

/** A role that this release does not know gives nothing. */
export function rolesOf(stored: string): Role[] {
  const given = stored.split(',');
  return ROLES.filter((role) => given.includes(role));
}

/** A right that this release does not know gives nothing. */
function rightsOf(stored: string): OperatorRight[] {
  return OPERATOR_RIGHTS.filter((right) => stored.split(',').includes(right));
}

/** Wrong passwords in a row after which an account is locked, and for how long. */
export const MAX_FAILURES = 5;
export const LOCK_MINUTES = 15;

export interface NewAccount {
  /** Null: invited, and sets one by a link. */
  readonly passwordHash: string | null;
  readonly madeBy: number | null;
}

/** The table `operators`. */
@Injectable()
export class OperatorsRepository {
  async findByLogin(reader: Reader, login: string): Promise<OperatorSecrets | null> {
    return this.find(reader, 'login = ?', login);
  }

  async findById(reader: Reader, id: number): Promise<OperatorSecrets | null> {
    return this.find(reader, 'id = ?', id);
  }

  /** Throws a duplicate key error on `uq_operators_login`. */
  async insert(tx: Tx, operator: Omit<Operator, 'id'>, { passwordHash, madeBy }: NewAccount): Promise<number> {
    const { insertId } = await tx.execute(
      `INSERT INTO operators (login, name, password_hash, roles, rights, distributor_id, status, made_by, created_at)
       VALUES (?,?,?,?,?,?,?,?, UTC_TIMESTAMP(6))`,
      [
        operator.login,
        operator.name,
        passwordHash ?? '',
        operator.roles.join(','),
        (operator.rights ?? []).join(','),
        operator.distributorId,
        passwordHash === null ? 'invited' : 'active',
        madeBy,
      ],
    );
    return insertId;
  }

  /**
   * Books one attempt before the password is looked at, so that parallel guesses cannot outrun the lock: the attempt that fills
   * the count locks the account at once. Answers `locked` when it was locked already, and then counts nothing.
   */
  async bookAttempt(tx: Tx, id: number): Promise<'open' | 'last' | 'locked'> {
    const [row] = await tx.query<{ failed: number; locked: number; lapsed: number }>(
      `SELECT failed_logins AS failed, COALESCE(locked_until > UTC_TIMESTAMP(6), 0) AS locked,
              COALESCE(locked_until <= UTC_TIMESTAMP(6), 0) AS lapsed
         FROM operators WHERE id = ? FOR UPDATE`,
      [id],
    );
    if (!row || Number(row.locked) === 1) return 'locked';
    const failed = (Number(row.lapsed) === 1 ? 0 : row.failed) + 1;
    const last = failed >= MAX_FAILURES;
    await tx.execute(
      `UPDATE operators SET failed_logins = ?, locked_until = IF(?, UTC_TIMESTAMP(6) + INTERVAL ${LOCK_MINUTES} MINUTE, NULL) WHERE id = ?`,
      [failed, last, id],
    );
    return last ? 'last' : 'open';
  }

  /** Takes back the attempt that was just booked, and the lock if it brought one: it was right. */
  async forgiveAttempt(tx: Tx, id: number): Promise<void> {
    await tx.execute(
      'UPDATE operators SET failed_logins = GREATEST(failed_logins, 1) - 1, locked_until = NULL WHERE id = ?',
      [id],
    );
  }

  async clearAttempts(tx: Tx, id: number): Promise<void> {
    await tx.execute('UPDATE operators SET failed_logins = 0, locked_until = NULL WHERE id = ?', [id]);
  }

  async setPassword(tx: Tx, id: number, passwordHash: string): Promise<void> {
    await tx.execute('UPDATE operators SET password_hash = ?, failed_logins = 0, locked_until = NULL WHERE id = ?', [
      passwordHash,
      id,
    ]);
  }

  /** Whoever opened a one-time link has set a password: the account is in use from now on. */
  async activate(tx: Tx, id: number, passwordHash: string): Promise<void> {
    await this.setPassword(tx, id, passwordHash);
    await tx.execute("UPDATE operators SET status = 'active' WHERE id = ? AND status = 'invited'", [id]);
  }

  /** No password is right until a new one was set. */
  async dropPassword(tx: Tx, id: number, by: number): Promise<void> {
    await tx.execute("UPDATE operators SET password_hash = '', reset_by = ? WHERE id = ?", [by, id]);
  }

  async setRoles(tx: Tx, id: number, roles: readonly Role[]): Promise<void> {
    await tx.execute('UPDATE operators SET roles = ? WHERE id = ?', [roles.join(','), id]);
  }

  async setRights(tx: Tx, id: number, rights: readonly OperatorRight[]): Promise<void> {
    await tx.execute('UPDATE operators SET rights = ? WHERE id = ?', [rights.join(','), id]);
  }

  async disable(tx: Tx, id: number): Promise<void> {
    await tx.execute("UPDATE operators SET status = 'disabled' WHERE id = ?", [id]);
  }

  /** Who never set a password waits for that again. False when the account was not disabled. */
  async enable(tx: Tx, id: number): Promise<boolean> {
    const { affectedRows } = await tx.execute(
      `UPDATE operators SET status = IF(password_hash = '', 'invited', 'active'), failed_logins = 0, locked_until = NULL
        WHERE id = ? AND status = 'disabled'`,
      [id],
    );
    return affectedRows === 1;
  }

  private async find(reader: Reader, where: string, value: SqlValue): Promise<OperatorSecrets | null> {
    const [raw] = await reader.query<SecretsRaw>(
      `SELECT ${OPERATOR_COLUMNS}, o.password_hash, o.status FROM operators o WHERE ${where}`,
      [value],
    );
    if (!raw) return null;
    const status = textOf(raw.status) as AccountStatus;
    const passwordHash = textOf(raw.password_hash) || null;
    return { ...operatorOf(raw), passwordHash, status, active: status === 'active' };
  }
}
