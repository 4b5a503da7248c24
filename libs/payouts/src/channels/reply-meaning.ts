import type { WireReply } from '@app/wechat';
import { reactionTo, type ErrorTable } from './error-table';
import { silenceOutcome, type Meaning, type Outcome } from './payout-channel';

type Answered = Extract<WireReply, { noReply: false }>;

/**
 * Reads a reply with a table of error codes and a reader of good bodies. Message texts are never looked at. What neither knows
 * is `unknown`.
 */
export function outcomeOf(
  reply: WireReply,
  errors: ErrorTable,
  readBody: (body: Answered['body']) => Meaning,
  providerField: string,
): Outcome {
  if (reply.noReply) return silenceOutcome(reply);
  const meaning = reply.code === null ? readBody(reply.body) : errorMeaning(reply.httpStatus, reply.code, errors);
  const providerNo = reply.body[providerField];
  return {
    meaning,
    evidence: reply.raw,
    notAccepted: meaning.kind === 'retry_same_id' || meaning.kind === 'channel_blocked',
    providerNo: typeof providerNo === 'string' && providerNo !== '' ? providerNo : null,
  };
}

function errorMeaning(httpStatus: number, code: string, errors: ErrorTable): Meaning {
  const listed = Object.hasOwn(errors, code);
  switch (reactionTo(errors, code, httpStatus)) {
    case 'unknown':
      return { kind: 'unknown', why: code, alarm: false };
    case 'not_found':
      return { kind: 'not_found' };
    case 'retry_soon':
      return { kind: 'retry_same_id', why: listed ? code : 'HTTP_429', when: 'soon' };
    case 'retry_tomorrow':
      return { kind: 'retry_same_id', why: code, when: 'tomorrow' };
    case 'blocked':
      return { kind: 'channel_blocked', why: code };
    case 'refused':
      return { kind: 'refused', why: code };
    case 'failed':
      return { kind: 'failed', why: code };
    case 'unknown_alarm':
      return { kind: 'unknown', why: code, alarm: true };
  }
}

export function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
