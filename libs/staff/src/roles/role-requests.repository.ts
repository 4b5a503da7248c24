import { Injectable } from '@nestjs/common';
import { isDuplicate, textOf, type Reader, type Tx } from '@app/database';
import { Rejected } from '@app/kernel';
import type { Role } from '../operator';
import { rolesOf } from '../operators.repository';

export interface NewRoleRequest {
  readonly operatorId: number;
  readonly before: readonly Role[];
  readonly roles: readonly Role[];
  readonly reason: string;
  readonly askedBy: number;
}

export interface RoleRequest extends NewRoleRequest {
  readonly id: number;
  readonly state: 'pending' | 'approved' | 'rejected' | 'withdrawn';
  readonly askedAt: Date;
}

interface Raw {
  id: number;
  operator_id: number;
  roles_before: Buffer;
  roles: Buffer;
  reason: string;
  state: Buffer;
  asked_by: number;
  asked_at: Date;
}

/** The table `operator_role_requests`. */
@Injectable()
export class RoleRequestsRepository {
  /** Throws Rejected `already_asked` (409): at most one waits for each account. */
  async ask(tx: Tx, { operatorId, before, roles, reason, askedBy }: NewRoleRequest): Promise<number> {
    try {
      const { insertId } = await tx.execute(
        `INSERT INTO operator_role_requests (operator_id, pending_operator, roles_before, roles, reason, asked_by, asked_at)
         VALUES (?,?,?,?,?,?, UTC_TIMESTAMP(6))`,
        [operatorId, operatorId, before.join(','), roles.join(','), reason, askedBy],
      );
      return insertId;
    } catch (error) {
      if (!isDuplicate(error, 'uq_operator_role_requests_pending')) throw error;
      throw new Rejected('already_asked', '这个账号已有一条角色申请在等审批，请先处理它', 409);
    }
  }

  async find(reader: Reader, id: number): Promise<RoleRequest | null> {
    const [raw] = await reader.query<Raw>(
      `SELECT id, operator_id, roles_before, roles, reason, state, asked_by, asked_at FROM operator_role_requests WHERE id = ?`,
      [id],
    );
    if (!raw) return null;
    return {
      ...{ id: raw.id, operatorId: raw.operator_id, reason: raw.reason, askedBy: raw.asked_by, askedAt: raw.asked_at },
      ...{ before: rolesOf(textOf(raw.roles_before)), roles: rolesOf(textOf(raw.roles)) },
      state: textOf(raw.state) as RoleRequest['state'],
    };
  }

  /** False when it was decided meanwhile. */
  async close(
    tx: Tx,
    id: number,
    state: Exclude<RoleRequest['state'], 'pending'>,
    by: number,
    note: string,
  ): Promise<boolean> {
    const { affectedRows } = await tx.execute(
      `UPDATE operator_role_requests
          SET state = ?, pending_operator = NULL, decided_by = ?, decided_at = UTC_TIMESTAMP(6), note = ?
        WHERE id = ? AND state = 'pending'`,
      [state, by, note, id],
    );
    return affectedRows === 1;
  }
}
