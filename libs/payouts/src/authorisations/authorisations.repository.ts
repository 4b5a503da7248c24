import { Injectable } from '@nestjs/common';
import { placeholders, type Reader, type SqlValue, textOf, type Tx } from '@app/database';
import { Defect, type MemberId } from '@app/kernel';
import { TRANSFER_SCENE } from '../channels/transfer-words';
import { AUTHORISATION_COLUMNS, authorisationOf, type Authorisation, type AuthorisationRow } from './authorisation';
import { mayMoveAuthorisation, type AuthorisationState, type AuthorisationWish } from './authorisation-state';

export interface NewAuthorisation {
  readonly outAuthorizationNo: string;
  readonly member: MemberId;
  readonly mchId: string;
  readonly ordinal: number;
  readonly payeeBlind: Buffer;
  readonly openKey: Buffer;
  readonly requestSealed: Buffer;
  readonly requestHash: Buffer;
}

/** Columns a change may set besides state. Times in ms from now; null clears. */
export interface AuthorisationChange {
  readonly wish?: AuthorisationWish;
  readonly attemptNo?: number;
  readonly checks?: number;
  readonly nextInMs?: number | null;
  readonly packageSealed?: Buffer | null;
  readonly expiresAt?: Date;
  readonly authorizationId?: string;
  readonly lastAnswer?: string;
  readonly closeReason?: string;
}

/** Rows of agreements. Every change is a compare-and-set on state and attempt number. */
@Injectable()
export class AuthorisationsRepository {
  async find(reader: Reader, outAuthorizationNo: string, lock = false): Promise<Authorisation | null> {
    const [row] = await reader.query<AuthorisationRow>(
      `SELECT ${AUTHORISATION_COLUMNS} FROM payout_authorisations WHERE out_authorization_no = ?${lock ? ' FOR UPDATE' : ''}`,
      [outAuthorizationNo],
    );
    return row ? authorisationOf(row) : null;
  }

  /** The newest of a person under all of its numbers: one that is not over comes first. */
  async newest(reader: Reader, numbers: readonly MemberId[]): Promise<Authorisation | null> {
    const [row] = await reader.query<AuthorisationRow>(
      `SELECT ${AUTHORISATION_COLUMNS} FROM payout_authorisations WHERE member_id IN (${placeholders(numbers)})
       ORDER BY open_key IS NULL, created_at DESC, ordinal DESC LIMIT 1`,
      numbers,
    );
    return row ? authorisationOf(row) : null;
  }

  /** Numbers of all that are not over, of a person under all of its numbers. */
  async openNumbers(reader: Reader, numbers: readonly MemberId[]): Promise<string[]> {
    const rows = await reader.query<{ out_authorization_no: Buffer }>(
      `SELECT out_authorization_no FROM payout_authorisations
       WHERE member_id IN (${placeholders(numbers)}) AND open_key IS NOT NULL ORDER BY out_authorization_no`,
      numbers,
    );
    return rows.map((row) => textOf(row.out_authorization_no));
  }

  async openOf(tx: Tx, openKey: Buffer): Promise<Authorisation | null> {
    const [row] = await tx.query<AuthorisationRow>(
      `SELECT ${AUTHORISATION_COLUMNS} FROM payout_authorisations WHERE open_key = ? FOR UPDATE`,
      [openKey],
    );
    return row ? authorisationOf(row) : null;
  }

  /** How many this person was asked for so far. */
  async lastOrdinal(reader: Reader, payeeBlind: Buffer): Promise<number> {
    const [row] = await reader.query<{ last: number | null }>(
      'SELECT MAX(ordinal) AS last FROM payout_authorisations WHERE payee_blind = ? AND scene = ?',
      [payeeBlind, TRANSFER_SCENE],
    );
    return Number(row?.last ?? 0);
  }

  /** Fails with a duplicate key when somebody else opened one for this person meanwhile. */
  async open(tx: Tx, made: NewAuthorisation): Promise<void> {
    await tx.execute(
      `INSERT INTO payout_authorisations (out_authorization_no, member_id, mch_id, scene, ordinal, payee_blind, open_key, state,
         request_sealed, request_hash, next_at, created_at, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, 'ASKED', ?, ?, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
      [
        made.outAuthorizationNo,
        made.member,
        made.mchId,
        TRANSFER_SCENE,
        made.ordinal,
        made.payeeBlind,
        made.openKey,
        made.requestSealed,
        made.requestHash,
      ],
    );
  }

  /** Those that somebody must look at now, the longest waiting first. */
  async due(reader: Reader, limit: number): Promise<string[]> {
    const rows = await reader.query<{ out_authorization_no: Buffer }>(
      `SELECT out_authorization_no FROM payout_authorisations WHERE next_at <= UTC_TIMESTAMP(6) ORDER BY next_at LIMIT ${Math.trunc(limit)}`,
    );
    return rows.map((row) => textOf(row.out_authorization_no));
  }

  /** Throws Defect for a move that does not exist, or when the row is not as it was read. */
  async change(
    tx: Tx,
    before: Authorisation,
    to: AuthorisationState | null,
    change: AuthorisationChange,
  ): Promise<void> {
    if (to !== null && !mayMoveAuthorisation(before.state, to)) {
      throw new Defect(`an authorisation cannot go from ${before.state} to ${to}`);
    }
    const { sets, values } = assignments(to, change);
    const { affectedRows } = await tx.execute(
      `UPDATE payout_authorisations SET ${['updated_at = UTC_TIMESTAMP(6)', ...sets].join(', ')}
       WHERE out_authorization_no = ? AND state = ? AND attempt_no = ?`,
      [...values, before.outAuthorizationNo, before.state, before.attemptNo],
    );
    if (affectedRows !== 1) throw new Defect(`authorisation ${before.outAuthorizationNo} was changed by somebody else`);
  }
}

function assignments(
  to: AuthorisationState | null,
  change: AuthorisationChange,
): { sets: string[]; values: SqlValue[] } {
  const sets: string[] = [];
  const values: SqlValue[] = [];
  const set = (column: string, value: SqlValue | undefined): void => {
    if (value === undefined) return;
    sets.push(`${column} = ?`);
    values.push(value);
  };
  if (to !== null) set('state', to);
  if (to === 'TAKING_EFFECT') sets.push('agreed_at = COALESCE(agreed_at, UTC_TIMESTAMP(6))');
  if (to === 'CLOSED') sets.push('closed_at = UTC_TIMESTAMP(6)', 'open_key = NULL');
  // What opened WeChat's page opens nothing any more.
  if (to === 'TAKING_EFFECT' || to === 'CLOSED') sets.push('package_sealed = NULL');
  else set('package_sealed', change.packageSealed);
  set('wish', change.wish);
  set('attempt_no', change.attemptNo);
  set('checks', change.checks);
  set('expires_at', change.expiresAt);
  set('authorization_id', change.authorizationId?.slice(0, 64));
  set('last_answer', change.lastAnswer?.slice(0, 64));
  set('close_reason', change.closeReason?.slice(0, 40));
  if (change.nextInMs === null) sets.push('next_at = NULL');
  else if (change.nextInMs !== undefined) {
    sets.push('next_at = UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND');
    values.push(Math.round(change.nextInMs * 1000));
  }
  return { sets, values };
}
