import type { Meaning } from './payout-channel';

/** What an error code of transfer-bills means for the bill. A code that is not listed is `unknown`, with an alarm. */
export type ErrorReaction =
  'unknown' | 'unknown_alarm' | 'not_found' | 'retry_soon' | 'retry_tomorrow' | 'blocked' | 'refused' | 'failed';

/**
 * `code` of a v3 error body. Error bodies are not signed, so none of them proves a failure.
 * PARAM_ERROR and INVALID_REQUEST may be a fault of one bill or of all; they also stand for "this number exists with other data".
 * So such a bill keeps its number, is queried, sent again later, and people are told; others are not held up.
 */
export const TRANSFER_ERRORS: Readonly<Record<string, ErrorReaction>> = {
  SYSTEM_ERROR: 'unknown',
  NOT_FOUND: 'not_found',
  FREQUENCY_LIMITED: 'retry_soon',
  FREQUENCY_LIMIT_EXCEED: 'retry_soon',
  RATELIMIT_EXCEEDED: 'retry_soon',
  NOT_ENOUGH: 'blocked',
  SIGN_ERROR: 'blocked',
  NO_AUTH: 'blocked',
  USER_ERROR: 'blocked',
  PARAM_ERROR: 'unknown_alarm',
  INVALID_REQUEST: 'unknown_alarm',
  ALREADY_EXISTS: 'unknown_alarm',
  RESOURCE_ALREADY_EXISTS: 'unknown_alarm',
  RESOURCE_ALREADY_EXIST: 'unknown_alarm',
};

/** `state` of a bill. A state that is not listed is `unknown`, with an alarm. */
export const TRANSFER_STATES: Readonly<Record<string, Exclude<Meaning['kind'], 'unknown'>>> = {
  ACCEPTED: 'in_flight',
  PROCESSING: 'in_flight',
  WAIT_USER_CONFIRM: 'wait_user',
  TRANSFERING: 'in_flight',
  CANCELING: 'in_flight',
  SUCCESS: 'succeeded',
  FAIL: 'failed',
  CANCELLED: 'failed',
};

/**
 * The same of a bill that is paid silently. The person has nothing to confirm: WAIT_USER_CONFIRM would be news to us, so it is not
 * listed.
 */
export const AUTHORIZED_STATES: Readonly<Record<string, 'in_flight' | 'succeeded' | 'failed'>> = {
  ACCEPTED: 'in_flight',
  PROCESSING: 'in_flight',
  TRANSFERING: 'in_flight',
  CANCELING: 'in_flight',
  SUCCESS: 'succeeded',
  FAIL: 'failed',
  CANCELLED: 'failed',
};
