import { formatYuan, fen } from '@app/kernel';
import { CHANNEL_ERRORS } from '../channels/channel-errors';
import { FAIL_REASONS } from '../channels/fail-reasons';
import type { Meaning } from '../channels/payout-channel';
import type { Act } from '../driving/attempts.repository';
import { budgetPartOf } from '../ledger/accounts';
import type { BudgetPart, JournalKind } from '../ledger/journal';
import type { DifferenceKind } from '../reconciliation/judge';

export const ACT_WORDS: Readonly<Record<Act, string>> = {
  send: '付款请求',
  query: '查单',
  cancel: '撤销请求',
  notify: '微信回调',
};

/** What an exchange turned out to mean. */
export const MEANING_WORDS: Readonly<Record<Meaning['kind'], string>> = {
  succeeded: '已到账',
  wait_user: '微信已受理，等本人收款',
  in_flight: '微信已受理，正在处理',
  unknown: '没有明确结果',
  not_found: '微信没有这张单',
  retry_same_id: '微信没有受理，稍后用同一单号再发',
  channel_blocked: '微信没有受理，付款通道暂停',
  refused: '微信拒绝，等查单证实',
  failed: '微信证实没有付成',
  refunded: '微信证实已退回',
  mismatch: '微信的金额或收款人与我们不符',
};

/** Why a payout went on, where it was no code of WeChat's. */
export const OWN_REASONS: Readonly<Record<string, string>> = {
  send: '开始付款',
  resend: '用同一单号重发',
  succeeded: '微信证实已到账',
  callback: '微信回调证实已到账',
  wait_user: '微信已受理',
  in_flight: '微信正在处理',
  not_found: '微信没有这张单，过一会儿用同一单号重发',
  package_missing: '收款页的凭证丢失，重新取',
  not_cancelled_yet: '撤销还没有结果',
  lease_lost: '上一次没有等到回答，先查单',
  unknown_too_long: '太久没有明确结果，转人工',
  manual: '两个人作的结论',
};

export const JOURNAL_WORDS: Readonly<Record<JournalKind, string>> = {
  grant: '预算到位',
  reserve: '冻结',
  settle: '到账记账',
  refund: '退款记账',
  release: '退回预算',
  unrelease: '撤销退回预算，重新冻结',
  return: '核销后退回结余',
  confirm: '与微信账单核对一致',
  transfer: '商户账户充值或提现',
  correction: '更正',
};

export const DIFFERENCE_WORDS: Readonly<Record<DifferenceKind, string>> = {
  missing: '账单里没有',
  extra: '账单里多出',
  amount: '金额不符',
  state: '结果相反',
  duplicate: '重复付款',
  payee: '收款人不符',
};

const PART_WORDS: Readonly<Record<BudgetPart, string>> = {
  granted: '获批',
  available: '可用',
  reserved: '已冻结',
  settled: '已发放',
};

/** What a row stores as text, in words; a text that the table does not know is shown as it is rather than hidden. */
export function wordsOf<K extends string>(table: Readonly<Record<K, string>>, text: string): string {
  return Object.hasOwn(table, text) ? table[text as K] : text;
}

/** Why a payout moved: in our words, or as the tables of WeChat's codes explain it, with the code for whoever looks it up. */
export function reasonWords(reason: string): string {
  if (Object.hasOwn(OWN_REASONS, reason)) return OWN_REASONS[reason]!;
  if (Object.hasOwn(FAIL_REASONS, reason)) return `${FAIL_REASONS[reason]!.finance}（${reason}）`;
  for (const calls of Object.values(CHANNEL_ERRORS)) {
    for (const table of Object.values(calls)) {
      if (Object.hasOwn(table, reason)) return `${table[reason]!.words}（${reason}）`;
    }
  }
  return `微信返回 ${reason}`;
}

/** `已冻结 +1.88`, the account in words. */
export function legWords({ account, amountFen }: { readonly account: string; readonly amountFen: number }): string {
  return `${accountWords(account)} ${amountFen > 0 ? '+' : '−'}${formatYuan(fen(Math.abs(amountFen)))}`;
}

function accountWords(account: string): string {
  const budget = budgetPartOf(account);
  if (budget) return `预算 ${budget.budgetId} ${PART_WORDS[budget.part]}`;
  const [kind, id = ''] = account.split(':');
  switch (kind) {
    case 'member':
      return `会员 ${id}`;
    case 'merchant':
      return `商户账户 ${id}`;
    case 'channel':
      return `通道在途 ${id}`;
    default:
      return account === 'outside' ? '账外' : account;
  }
}
