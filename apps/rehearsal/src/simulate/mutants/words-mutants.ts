import type { Mutant } from './mutant';

const TABLE = 'libs/payouts/src/channels/transfer.table.ts';
const CONFIRM = 'libs/payouts/src/channels/transfer-confirm.channel.ts';
const WORDS = 'libs/payouts/src/channels/reply-meaning.ts';
const NEWS = 'libs/payouts/src/callbacks/apply-transfer-news.ts';
const BLOCKS = 'libs/payouts/src/channels/channel-blocks.repository.ts';

/** Bugs in how WeChat's words are read. */
export const WORDS_MUTANTS: readonly Mutant[] = [
  {
    name: 'busy-is-failed',
    file: TABLE,
    find: "const BUSY = row('unknown',",
    replace: "const BUSY = row('failed',",
  },
  {
    name: 'busy-was-not-taken',
    file: TABLE,
    find: "const BUSY = row('unknown',",
    replace: "const BUSY = row('retry_soon',",
  },
  {
    name: 'an-unknown-number-is-failed',
    file: TABLE,
    find: "  NOT_FOUND: row('not_found', '微信此刻没有这个单号",
    replace: "  NOT_FOUND: row('failed', '微信此刻没有这个单号",
  },
  {
    name: 'an-empty-balance-fails-the-bill',
    file: TABLE,
    find: "  NOT_ENOUGH: row('blocked',",
    replace: "  NOT_ENOUGH: row('failed',",
  },
  {
    name: 'waiting-reads-as-paid',
    file: TABLE,
    find: "  WAIT_USER_CONFIRM: 'wait_user',",
    replace: "  WAIT_USER_CONFIRM: 'succeeded',",
  },
  {
    name: 'silence-is-failed',
    file: WORDS,
    find: 'if (reply.noReply) return silenceOutcome(reply);',
    replace: "if (reply.noReply) return { ...silenceOutcome(reply), meaning: { kind: 'failed', why: 'NO_REPLY' } };",
  },
  {
    name: 'silence-was-not-taken',
    file: WORDS,
    find: 'if (reply.noReply) return silenceOutcome(reply);',
    replace:
      "if (reply.noReply) return { ...silenceOutcome(reply), meaning: { kind: 'retry_same_id', why: 'NO_REPLY', when: 'soon' } };",
  },
  {
    name: 'one-fen-too-much',
    file: CONFIRM,
    find: '      transfer_amount: amountFen,',
    replace: '      transfer_amount: amountFen + 1,',
  },
  {
    name: 'the-package-is-lost',
    file: CONFIRM,
    find: 'package: text(body.package_info),',
    replace: 'package: null,',
  },
  {
    name: 'news-of-success-is-forgotten',
    file: NEWS,
    find: "await this.record.byCallback(tx, payout, { kind: 'succeeded' });",
    replace: '',
    reconciler: 'off',
  },
  {
    name: 'news-of-an-old-offer-fails-the-new-one',
    file: NEWS,
    find: "if (payout.billNo !== bill.billNo) return succeeded('duplicate');",
    replace: '',
  },
  {
    name: 'a-blocked-channel-is-never-tried-again',
    file: BLOCKS,
    find: "return affectedRows === 1 ? { kind: 'probe' } : { kind: 'closed', waitMs: retryMs[0] };",
    replace: "return { kind: 'closed', waitMs: retryMs[0] };",
  },
];
