import type { ErrorTable } from './error-table';
import type { ChannelName } from './payout-channel';
import { REDPACK_QUERY_ERRORS, REDPACK_SEND_ERRORS } from './redpack.table';
import {
  AUTHORISATION_ASK_ERRORS,
  AUTHORISATION_CLOSE_ERRORS,
  AUTHORISATION_LOOK_ERRORS,
  TRANSFER_CANCEL_ERRORS,
  TRANSFER_QUERY_ERRORS,
  TRANSFER_SEND_ERRORS,
} from './transfer.table';

/** A call of a channel; `ask`, `look` and `close` are about the agreement to be paid silently. */
export type ChannelCall = 'send' | 'query' | 'cancel' | 'ask' | 'look' | 'close';

/** Every error code of every call of every channel, and what it leads to. Screens and runbooks read this. */
export const CHANNEL_ERRORS: Readonly<Record<ChannelName, Readonly<Partial<Record<ChannelCall, ErrorTable>>>>> = {
  transfer_confirm_v3: {
    send: TRANSFER_SEND_ERRORS,
    query: TRANSFER_QUERY_ERRORS,
    cancel: TRANSFER_CANCEL_ERRORS,
  },
  transfer_authorized_v3: {
    send: TRANSFER_SEND_ERRORS,
    query: TRANSFER_QUERY_ERRORS,
    ask: AUTHORISATION_ASK_ERRORS,
    look: AUTHORISATION_LOOK_ERRORS,
    close: AUTHORISATION_CLOSE_ERRORS,
  },
  redpack_v2: { send: REDPACK_SEND_ERRORS, query: REDPACK_QUERY_ERRORS },
};
