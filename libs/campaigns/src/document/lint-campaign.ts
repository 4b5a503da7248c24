import { leavesOf } from '@app/conditions';
import { fen, formatYuan } from '@app/kernel';
import { ODDS_TOTAL, type CampaignContent, type CashPrize, type Prize, type Rule } from './campaign-content';
import type { Finding } from './finding';
import { periodOf } from './period';

/** Highest single prize of a lottery-like promotion: 50,000 yuan. */
export const TOP_PRIZE_FEN = 5_000_000;
const TOP_PRIZE_SOURCE = '《规范促销行为暂行规定》：抽奖式有奖销售最高奖不得超过五万元';
/** What one transfer to WeChat change carries without special permission. */
const TRANSFER_FEN = { min: 10, max: 20_000 };
const TRANSFER_SOURCE = '微信支付商家转账：默认单笔 0.10 – 200 元';

const error = (path: string, code: string, message: string, source?: string): Finding => ({
  path,
  code,
  severity: 'error',
  message,
  ...(source === undefined ? {} : { source }),
});
const warning = (path: string, code: string, message: string, source?: string): Finding => ({
  ...error(path, code, message, source),
  severity: 'warning',
});

/** What is wrong or risky about a well-formed campaign taken as a whole. */
export function lintCampaign(content: CampaignContent): Finding[] {
  return [
    ...lintPeriod(content),
    ...content.prizes.flatMap((prize, index) => lintPrize(prize, `prizes[${index}]`)),
    ...lintKeys(content),
    ...content.rules.flatMap((rule, index) => lintTable(rule, `rules[${index}].then`, content.prizes)),
    ...content.rules.flatMap((rule, index) => lintTrust(rule, `rules[${index}]`)),
    ...lintReach(content),
    ...lintMoney(content),
    ...content.gates.map((_, index) =>
      error(`gates[${index}]`, 'gate_unavailable', '领取前的任务还不能使用，请先去掉'),
    ),
  ];
}

function lintPeriod({ period }: CampaignContent): Finding[] {
  const { from, to } = periodOf(period);
  const bad = [
    ...(from === null ? [error('period.from', 'bad_format', '没有这一天')] : []),
    ...(to === null ? [error('period.to', 'bad_format', '没有这一天')] : []),
  ];
  if (from === null || to === null) return bad;
  return from < to ? [] : [error('period.to', 'period_empty', '结束时间要晚于开始时间')];
}

function lintPrize(prize: Prize, path: string): Finding[] {
  if (prize.kind !== 'cash') return [];
  const amounts =
    prize.amount.type === 'fixed'
      ? [{ at: `${path}.amount.fen`, fen: prize.amount.fen }]
      : [
          { at: `${path}.amount.minFen`, fen: prize.amount.minFen },
          { at: `${path}.amount.maxFen`, fen: prize.amount.maxFen },
        ];
  const findings = amounts.flatMap(({ at, fen: value }) => lintAmount(value, at));
  if (prize.amount.type === 'uniform' && prize.amount.minFen > prize.amount.maxFen) {
    findings.push(error(`${path}.amount`, 'bad_span', '最小金额不能大于最大金额'));
  }
  if (prize.stock !== null && prize.stock <= 0) {
    findings.push(error(`${path}.stock`, 'empty_stock', `「${prize.name}」没有库存：填一个正整数，或选不限量`));
  }
  if (prize.stock !== null && prize.stock > 1_000_000_000) {
    findings.push(error(`${path}.stock`, 'out_of_range', '库存最多 10 亿份，更多请选不限量'));
  }
  return findings;
}

function lintAmount(value: number, at: string): Finding[] {
  if (value <= 0)
    return [error(at, value < 0 ? 'negative_amount' : 'zero_amount', '金额要大于 0；不中奖请用「谢谢参与」')];
  if (value > TOP_PRIZE_FEN) {
    return [error(at, 'amount_over_law', '单个奖品最高 50,000 元', TOP_PRIZE_SOURCE)];
  }
  if (value >= TRANSFER_FEN.min && value <= TRANSFER_FEN.max) return [];
  const message = `${formatYuan(fen(value))} 元超出一笔转账的默认范围，可能发不出去`;
  return [warning(at, 'amount_outside_transfer', message, TRANSFER_SOURCE)];
}

function lintKeys({ rules, prizes }: CampaignContent): Finding[] {
  const repeated = (list: readonly { key: string }[], path: string): Finding[] =>
    list.flatMap(({ key }, index) =>
      list.findIndex((other) => other.key === key) < index
        ? [error(`${path}[${index}].key`, 'duplicate_key', `「${key}」重复了`)]
        : [],
    );
  return [
    ...repeated(rules, 'rules'),
    ...repeated(prizes, 'prizes'),
    ...rules.flatMap((rule, index) => repeated(rule.then.prizes, `rules[${index}].then.prizes`)),
  ];
}

function lintTable({ then, name }: Rule, path: string, prizes: readonly Prize[]): Finding[] {
  const find = (key: string): Prize | undefined => prizes.find((prize) => prize.key === key);
  const findings = then.prizes.flatMap(({ key }, index) =>
    find(key) ? [] : [error(`${path}.prizes[${index}].key`, 'unknown_prize', `没有「${key}」这个奖品`)],
  );
  const total = then.prizes.reduce((sum, { odds }) => sum + odds, 0);
  if (total !== ODDS_TOTAL) {
    const gap = total < ODDS_TOTAL ? `还差 ${ODDS_TOTAL - total}` : `多了 ${total - ODDS_TOTAL}`;
    findings.push(
      error(`${path}.prizes`, 'odds_sum', `规则「${name}」的概率合计要正好是一百万分之 ${ODDS_TOTAL}，${gap}`),
    );
  }
  const limited = then.prizes.map(({ key }) => find(key)).find((prize) => isLimited(prize));
  if (then.fallbackPrizeKey === null) {
    const message = limited && `「${limited.name}」会发完，要选一个替代奖品`;
    return message ? [...findings, error(`${path}.fallbackPrizeKey`, 'fallback_missing', message)] : findings;
  }
  const fallback = find(then.fallbackPrizeKey);
  if (!fallback)
    findings.push(error(`${path}.fallbackPrizeKey`, 'unknown_prize', `没有「${then.fallbackPrizeKey}」这个奖品`));
  if (isLimited(fallback)) {
    findings.push(error(`${path}.fallbackPrizeKey`, 'fallback_limited', '替代奖品不能也限量，否则会无奖可发'));
  }
  return findings;
}

function isLimited(prize: Prize | undefined): prize is CashPrize {
  return prize?.kind === 'cash' && prize.stock !== null;
}

/** Province needs `ip` and anything finer `agreed`; whoever asks for less should know it. */
function lintTrust(rule: Rule, path: string): Finding[] {
  if (rule.minTrust === undefined || rule.minTrust === 'agreed') return [];
  const places = leavesOf(rule.when).filter(({ leaf }) => leaf.field === 'region');
  const fine = places.some(({ leaf }) => [leaf.value].flat().some((code) => Number(code) % 10_000 !== 0));
  const lowered = places.length > 0 && (rule.minTrust === 'claimed' || fine);
  if (!lowered) return [];
  return [warning(`${path}.minTrust`, 'trust_lowered', '放宽了对所在地的要求，可能有人用假定位领奖')];
}

function lintReach({ rules, prizes }: CampaignContent): Finding[] {
  const everybody = rules.findIndex(({ when }) => 'all' in when && when.all.length === 0);
  const unreachable = rules.flatMap((rule, index) =>
    everybody >= 0 && index > everybody
      ? [warning(`rules[${index}]`, 'rule_unreachable', `规则「${rule.name}」永远轮不到：前面的规则对所有人成立`)]
      : [],
  );
  const used = new Set(rules.flatMap(({ then }) => [...then.prizes.map(({ key }) => key), then.fallbackPrizeKey]));
  const unused = prizes.flatMap((prize, index) =>
    used.has(prize.key) ? [] : [warning(`prizes[${index}]`, 'prize_unused', `没有规则用到「${prize.name}」`)],
  );
  return [...unreachable, ...unused];
}

function lintMoney({ prizes, budgetId, caps }: CampaignContent): Finding[] {
  if (prizes.every((prize) => prize.kind === 'nothing')) return [];
  const findings = budgetId === null ? [error('budgetId', 'budget_missing', '有现金奖品，要选一个预算')] : [];
  if (caps.memberPerDay === null) {
    findings.push(warning('caps.memberPerDay', 'cap_missing', '没有限制每人每天领奖次数'));
  }
  return findings;
}
