import type { Mutant } from './mutant';

const CHANNELS = 'libs/payouts/src/channels';
const NEWS = 'libs/payouts/src/callbacks/apply-transfer-news.ts';

const CONFIRM = `${CHANNELS}/transfer-confirm.channel.ts`;
const WORDS = `${CHANNELS}/reply-meaning.ts`;

/** What WeChat says, and how it is read. */
export const EDGE_MUTANTS: readonly Mutant[] = [
  {
    name: 'SYSTEM_ERROR is failure',
    file: `${CHANNELS}/transfer.table.ts`,
    find: "const BUSY = row('unknown',",
    replace: "const BUSY = row('failed',",
  },
  {
    name: 'SYSTEM_ERROR took nothing',
    file: `${CHANNELS}/transfer.table.ts`,
    find: "const BUSY = row('unknown',",
    replace: "const BUSY = row('retry_soon',",
  },
  {
    name: 'silence took nothing',
    file: WORDS,
    find: 'if (reply.noReply) return silenceOutcome(reply);',
    replace:
      "if (reply.noReply) return { ...silenceOutcome(reply), meaning: { kind: 'retry_same_id', why: 'NO_REPLY', when: 'soon' } };",
  },
  {
    name: 'the transfer asks for a fen more',
    file: CONFIRM,
    find: '      transfer_amount: amountFen,',
    replace: '      transfer_amount: amountFen + 1,',
  },
  {
    name: 'the package is not read',
    file: CONFIRM,
    find: 'package: text(body.package_info),',
    replace: 'package: null,',
  },
  {
    name: 'a blocked channel is never tried again',
    file: `${CHANNELS}/channel-blocks.repository.ts`,
    find: "return affectedRows === 1 ? { kind: 'probe' } : { kind: 'closed', waitMs: retryMs[0] };",
    replace: "return { kind: 'closed', waitMs: retryMs[0] };",
  },
  {
    name: 'a number that is not there is failure',
    file: `${CHANNELS}/transfer.table.ts`,
    find: "NOT_FOUND: row('not_found', '微信此刻没有这个单号：刚发出时不能当作失败，过几分钟用原单号再发'),",
    replace: "NOT_FOUND: row('failed', '微信此刻没有这个单号'),",
  },
  {
    name: 'a code that no table lists is failure',
    file: `${CHANNELS}/error-table.ts`,
    find: "return httpStatus >= 500 ? 'unknown' : 'unknown_alarm';",
    replace: "return httpStatus >= 500 ? 'unknown' : 'failed';",
  },
  {
    name: 'a reply that was lost was never sent',
    file: `${CHANNELS}/payout-channel.ts`,
    find: 'if (provablyNotSent) return',
    replace: "if (provablyNotSent || cause === 'timeout') return",
  },
  {
    name: 'a packet that was pushed was received',
    file: `${CHANNELS}/redpack.table.ts`,
    find: "SENT: 'wait_user',",
    replace: "SENT: 'succeeded',",
  },
  {
    name: 'a packet on its way back is back',
    file: `${CHANNELS}/redpack.table.ts`,
    find: "RFUND_ING: 'in_flight',",
    replace: "RFUND_ING: 'refunded',",
  },
  {
    name: 'a cancelled bill is believed at once',
    file: `${CHANNELS}/transfer.table.ts`,
    find: `  TRANSFERING: 'in_flight',
  CANCELING: 'in_flight',
  SUCCESS: 'succeeded',
  FAIL: 'failed',
  CANCELLED: 'failed',
};

/** The same`,
    replace: `  TRANSFERING: 'in_flight',
  CANCELING: 'failed',
  SUCCESS: 'succeeded',
  FAIL: 'failed',
  CANCELLED: 'failed',
};

/** The same`,
  },
  {
    name: 'a callback may name another amount',
    file: NEWS,
    find: "if (bill.amountFen !== finished.transfer_amount) return 'amount';",
    replace: '',
  },
  {
    name: 'a callback may name another person',
    file: NEWS,
    find: "if (finished.openid !== undefined && !this.bills.isPayee(bill, finished.openid)) return 'person';",
    replace: '',
  },
  {
    name: 'a callback may come from another merchant',
    file: NEWS,
    find: "if (bill.mchId !== mchId || bill.mchId !== (finished.mch_id ?? finished.mchid)) return 'merchant';",
    replace: '',
  },
  {
    name: 'callbacks need no signature',
    file: 'libs/payouts/src/callbacks/handle-transfer-notify.ts',
    find: "if (verdict.kind === 'refused') {",
    replace:
      "if (verdict.kind === 'refused' && verdict.reason === 'bad_signature') return { status: 200, body: { code: 'SUCCESS', message: 'ok' } }; if (verdict.kind === 'refused') {",
  },
  {
    name: 'a failure in a callback settles',
    file: NEWS,
    find: "return finished.state === 'SUCCESS'\n",
    replace: "return finished.state !== 'CANCELLED'\n",
  },
  {
    name: 'news of success is taken and forgotten',
    file: NEWS,
    find: "await this.record.byCallback(tx, payout, { kind: 'succeeded' });",
    replace: '',
  },
  {
    name: 'news of failure is taken and forgotten',
    file: NEWS,
    find: "await this.record.byCallback(tx, payout, { kind: 'failed', why });",
    replace: '',
  },
  {
    name: 'a late failure ends the next offer',
    file: NEWS,
    find: "if (payout.billNo !== bill.billNo) return succeeded('duplicate');",
    replace: '',
  },
  {
    name: 'a late success settles the next offer',
    file: NEWS,
    find: `    if (payout.billNo !== bill.billNo)
      return this.contradicted(tx, payout, bill, finished, 'success of an offer that had failed');`,
    replace: '',
  },
  {
    name: 'a contradiction is swallowed',
    file: NEWS,
    find: "await this.incidents.raise(tx, { kind: 'contradiction', payoutKey: payout.payoutKey, billNo: bill.billNo, detail });",
    replace: 'void detail;',
  },
];
