import type { Meaning } from './payout-channel';
import type { ErrorReaction } from './transfer-tables';

/**
 * `err_code` of sendredpack; RETURN_FAIL stands for a failed transport layer. A code that is not listed is `unknown`, with an
 * alarm. `refused` becomes a failure only when gethbinfo knows no such packet. FATAL_ERROR: the number exists with other data.
 */
export const REDPACK_SEND_ERRORS: Readonly<Record<string, ErrorReaction>> = {
  SYSTEMERROR: 'unknown',
  PROCESSING: 'unknown',
  FREQ_LIMIT: 'retry_soon',
  SENDNUM_LIMIT: 'retry_tomorrow',
  RCVDAMOUNT_LIMIT: 'retry_tomorrow',
  SENDAMOUNT_LIMIT: 'retry_tomorrow',
  NOTENOUGH: 'blocked',
  CA_ERROR: 'blocked',
  SIGN_ERROR: 'blocked',
  XML_ERROR: 'blocked',
  API_METHOD_CLOSED: 'blocked',
  ILLEGAL_APPID: 'blocked',
  MSGAPPID_ERROR: 'blocked',
  ACCEPTMODE_ERROR: 'blocked',
  RETURN_FAIL: 'blocked',
  NO_AUTH: 'refused',
  OPENID_ERROR: 'refused',
  MONEY_LIMIT: 'refused',
  PARAM_ERROR: 'refused',
  FATAL_ERROR: 'unknown_alarm',
  SEND_FAILED: 'failed',
};

/** `err_code` of gethbinfo. */
export const REDPACK_QUERY_ERRORS: Readonly<Record<string, ErrorReaction>> = {
  NOT_FOUND: 'not_found',
  SYSTEMERROR: 'unknown',
  FREQ_LIMIT: 'retry_soon',
  CA_ERROR: 'blocked',
  SIGN_ERROR: 'blocked',
  RETURN_FAIL: 'blocked',
  PARAM_ERROR: 'unknown_alarm',
};

/** `status` of a packet. SENDING can last for hours with a hint in `reason` and then turn FAILED. */
export const REDPACK_STATES: Readonly<Record<string, Exclude<Meaning['kind'], 'unknown'>>> = {
  SENDING: 'in_flight',
  SENT: 'wait_user',
  RECEIVED: 'succeeded',
  RFUND_ING: 'in_flight',
  REFUND: 'refunded',
  FAILED: 'failed',
};
