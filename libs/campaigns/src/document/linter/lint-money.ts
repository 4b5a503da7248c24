import { fen, formatYuan } from '@app/kernel';
import type { CampaignContent } from '../campaign-content';
import { error, info, warning, type Finding } from '../finding';
import { isMoney } from '../prize-worth';
import { HOUSE, WECHAT } from '../sources';
import { amountsAt } from './lint-prizes';

/** What one transfer to WeChat change carries without special permission. */
const TRANSFER_FEN = { min: 10, max: 20_000 };
/** Below this a red packet disappoints more than it pleases. */
const SMALL_FEN = 30;
const MOST_POOLED_FEN = 100;

/** Who pays, how, and whether the channel carries it. */
export function lintMoney(content: CampaignContent): Finding[] {
  const { prizes, budgetId, payout } = content;
  const money = prizes.flatMap((prize, index) => (isMoney(prize) ? [{ prize, path: `prizes[${index}].amount` }] : []));
  const pooled = payout.mode === 'pooled';
  const findings = money.flatMap(({ prize, path }) =>
    amountsAt(prize.amount, path).flatMap(({ at, fen: value }) => lintTransfer(value, at, pooled)),
  );
  if (money.length > 0 && budgetId === null) {
    findings.push(error('budgetId', 'budget_missing', '有现金奖品，要选一个预算', HOUSE.budget));
  }
  if (money.length === 0 && budgetId !== null) {
    findings.push(info('budgetId', 'budget_unused', '没有现金奖品，预算不会动用', HOUSE.budget));
  }
  return [...findings, ...lintPayout(content)];
}

function lintTransfer(value: number, at: string, pooled: boolean): Finding[] {
  if (value <= 0) return [];
  const yuan = `${formatYuan(fen(value))} 元`;
  if (value > TRANSFER_FEN.max) {
    const message = `${yuan}超出一笔转账的默认上限 200 元，要先在商户平台提高限额，否则发不出去`;
    return [warning(at, 'cash_above_channel', message, WECHAT.transfer)];
  }
  if (pooled || value >= SMALL_FEN) return [];
  if (value < TRANSFER_FEN.min) {
    const message = `${yuan}低于一笔转账的下限 0.10 元，不能立即到账；请选「累计提现」，或提高到 0.30 元以上`;
    return [error(at, 'cash_below_channel', message, WECHAT.transfer)];
  }
  return [warning(at, 'cash_small', `${yuan}太小，容易让人失望；建议不低于 0.30 元`, HOUSE.money)];
}

/** How much a member must gather before it is paid: too much, and few would ever see their money. */
function lintPayout({ payout, prizes }: CampaignContent): Finding[] {
  if (payout.mode === 'instant') return [];
  if (payout.untilFen > MOST_POOLED_FEN) {
    return [error('payout.untilFen', 'pooled_too_much', '累计提现的门槛最高 1 元', HOUSE.payout)];
  }
  const amounts = prizes.flatMap((prize) =>
    isMoney(prize) ? amountsAt(prize.amount, '').map(({ fen: one }) => one) : [],
  );
  if (amounts.length > 0 && amounts.every((one) => one >= payout.untilFen)) {
    const message = '每个现金奖品都达到了累计提现的门槛，会直接到账，不会累计';
    return [info('payout.untilFen', 'pooled_unused', message, HOUSE.payout)];
  }
  return [];
}
