import { createHmac } from 'node:crypto';
import { textOf } from '@app/database';
import { crockford, memberId, type MemberId } from '@app/kernel';
import { authorisationState, type AuthorisationState, type AuthorisationWish } from './authorisation-state';

/** A payout_authorisations row as the code sees it. */
export interface Authorisation {
  readonly outAuthorizationNo: string;
  readonly member: MemberId;
  readonly mchId: string;
  readonly state: AuthorisationState;
  readonly wish: AuthorisationWish;
  readonly payeeBlind: Buffer;
  readonly requestSealed: Buffer;
  readonly requestHash: Buffer;
  readonly packageSealed: Buffer | null;
  readonly expiresAt: Date | null;
  readonly attemptNo: number;
  readonly checks: number;
  readonly nextAt: Date | null;
  readonly lastAnswer: string | null;
  readonly agreedAt: Date | null;
  readonly closedAt: Date | null;
  readonly closeReason: string | null;
}

export interface AuthorisationRow {
  out_authorization_no: Buffer;
  member_id: string;
  mch_id: Buffer;
  state: Buffer;
  wish: Buffer;
  payee_blind: Buffer;
  request_sealed: Buffer;
  request_hash: Buffer;
  package_sealed: Buffer | null;
  expires_at: Date | null;
  attempt_no: number;
  checks: number;
  next_at: Date | null;
  last_answer: Buffer | null;
  agreed_at: Date | null;
  closed_at: Date | null;
  close_reason: Buffer | null;
}

export const AUTHORISATION_COLUMNS = `out_authorization_no, member_id, mch_id, state, wish, payee_blind, request_sealed, request_hash,
  package_sealed, expires_at, attempt_no, checks, next_at, last_answer, agreed_at, closed_at, close_reason`;

export function authorisationOf(row: AuthorisationRow): Authorisation {
  return {
    outAuthorizationNo: textOf(row.out_authorization_no),
    member: memberId(row.member_id),
    mchId: textOf(row.mch_id),
    state: authorisationState(textOf(row.state)),
    wish: textOf(row.wish) === 'close' ? 'close' : 'agree',
    payeeBlind: row.payee_blind,
    requestSealed: row.request_sealed,
    requestHash: row.request_hash,
    packageSealed: row.package_sealed,
    expiresAt: row.expires_at,
    attemptNo: row.attempt_no,
    checks: row.checks,
    nextAt: row.next_at,
    lastAnswer: row.last_answer === null ? null : textOf(row.last_answer),
    agreedAt: row.agreed_at,
    closedAt: row.closed_at,
    closeReason: row.close_reason === null ? null : textOf(row.close_reason),
  };
}

export const AUTHORIZATION_NUMBER_PATTERN = /^A[0-9A-HJKMNP-TV-Z]{25}$/;
const CHARACTERS = 25;

/**
 * Our number of the nth agreement asked of a person: `A` + 25 Crockford characters of HMAC-SHA256(billKey, …). A pure function of the
 * person's blind index, not of a row number: a restored database asks WeChat for the very agreement that it forgot.
 */
export function authorizationNumber(
  billKey: Buffer,
  of: { readonly mchId: string; readonly scene: string; readonly payeeBlind: Buffer; readonly ordinal: number },
): string {
  const text = ['authorisation', of.mchId, of.scene, of.payeeBlind.toString('hex'), of.ordinal].join('\n');
  return `A${crockford(createHmac('sha256', billKey).update(text, 'utf8').digest(), CHARACTERS)}`;
}
