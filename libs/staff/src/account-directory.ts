import { Injectable } from '@nestjs/common';
import { Database, placeholders, textOf } from '@app/database';
import { checkLimit, readCursor, Rejected, writeCursor, type Page, type PageRequest } from '@app/kernel';
import { findAccount } from './find-account';
import { isHeadquarters, type Operator, type Role } from './operator';
import {
  OPERATOR_COLUMNS,
  operatorOf,
  OperatorsRepository,
  rolesOf,
  type Account,
  type AccountStatus,
  type OperatorRaw,
} from './operators.repository';
import { Sessions } from './sessions';
import type { OpenSession } from './sessions.repository';
import { mayManage } from './who-may';

export interface AccountQuery extends PageRequest {
  /** In the login or the name. */
  readonly text?: string | undefined;
  readonly role?: Role | undefined;
  readonly status?: AccountStatus | undefined;
  /** Only people of this distributor. */
  readonly distributorId?: number | undefined;
}

/** An account as one person sees it. */
export interface SeenAccount extends Account {
  /** Who asks looks after it; nobody after their own. */
  readonly mayManage: boolean;
}

interface AccountRaw extends OperatorRaw {
  status: Buffer;
  locked: number;
  created_at: Date;
  last_seen_at: Date | null;
  distributor_name: string | null;
  request_id: number | null;
  request_roles: Buffer | null;
  request_by: number | null;
}

/** Who may work in the console: headquarters sees everybody, a distributor its own people. */
@Injectable()
export class AccountDirectory {
  constructor(
    private readonly database: Database,
    private readonly operators: OperatorsRepository,
    private readonly sessions: Sessions,
  ) {}

  async list(actor: Operator, query: AccountQuery): Promise<Page<SeenAccount>> {
    const { limit, cursor, text, role, status, distributorId } = query;
    checkLimit(limit);
    const own = isHeadquarters(actor) ? null : actor.distributorId;
    if (own === null && !isHeadquarters(actor)) throw new Rejected('forbidden', '您的账号没有这项权限', 403);
    const conditions: [string, ...(string | number)[]][] = [
      ['o.id > ?', cursor ? Number(readCursor(cursor, 1)[0]) : 0],
    ];
    if (own !== null) conditions.push(['o.distributor_id = ?', own]);
    if (distributorId !== undefined) conditions.push(['o.distributor_id = ?', distributorId]);
    if (role) conditions.push(['FIND_IN_SET(?, o.roles) > 0', role]);
    if (status) conditions.push(['o.status = ?', status]);
    if (text) conditions.push(['(INSTR(o.name, ?) > 0 OR INSTR(o.login, ?) > 0)', text, text.toLowerCase()]);
    const rows = await this.database.query<AccountRaw>(
      `SELECT ${OPERATOR_COLUMNS}, o.status, o.created_at, d.name AS distributor_name,
              COALESCE(o.locked_until > UTC_TIMESTAMP(6), 0) AS locked,
              (SELECT MAX(s.last_seen_at) FROM operator_sessions s WHERE s.operator_id = o.id) AS last_seen_at,
              r.id AS request_id, r.roles AS request_roles, r.asked_by AS request_by
         FROM operators o
         LEFT JOIN distributors d ON d.id = o.distributor_id
         LEFT JOIN operator_role_requests r ON r.pending_operator = o.id
        WHERE ${conditions.map(([sql]) => sql).join(' AND ')} ORDER BY o.id LIMIT ?`,
      [...conditions.flatMap(([, ...values]) => values), limit + 1],
    );
    const items = rows.slice(0, limit).map((raw) => {
      const account = accountOf(raw);
      return { ...account, mayManage: account.id !== actor.id && mayManage(actor, account) };
    });
    return { items, nextCursor: rows.length > limit ? writeCursor([items.at(-1)!.id]) : null };
  }

  /** Names by number, for lists that keep numbers. */
  async namesOf(ids: readonly number[]): Promise<ReadonlyMap<number, string>> {
    const wanted = [...new Set(ids)];
    if (wanted.length === 0) return new Map();
    const rows = await this.database.query<{ id: number; name: string }>(
      `SELECT id, name FROM operators WHERE id IN (${placeholders(wanted)})`,
      wanted,
    );
    return new Map(rows.map(({ id, name }) => [id, name]));
  }

  /** Throws Rejected `no_operator` (404) for an account that is not there or that the actor may not see. */
  async sessionsOf(actor: Operator, id: number): Promise<OpenSession[]> {
    await findAccount(this.operators, this.database, actor, id);
    return this.sessions.listOf(id, null);
  }
}

function accountOf(raw: AccountRaw): Account {
  const { request_id: id, request_roles: roles, request_by: by } = raw;
  return {
    ...operatorOf(raw),
    ...{ status: textOf(raw.status) as AccountStatus, locked: Number(raw.locked) === 1 },
    ...{ createdAt: raw.created_at, lastSeenAt: raw.last_seen_at, distributorName: raw.distributor_name },
    asked: id === null || roles === null || by === null ? null : { id, roles: rolesOf(textOf(roles)), by },
  };
}
