import { fen, formatYuan } from '@app/kernel';
import type { CampaignContent, CashAmount, Prize } from '../campaign-content';
import { error, warning, type Finding } from '../finding';
import { isMoney, type MoneyPrize } from '../prize-worth';
import { HOUSE, LAW } from '../sources';

const MOST_STOCK = 1_000_000_000;

/** Each prize on its own: amounts, steps, stock and values. */
export function lintPrizes({ prizes }: CampaignContent): Finding[] {
  return [
    ...repeatedKeys(prizes, 'prizes'),
    ...prizes.flatMap((prize, index) => {
      const path = `prizes[${index}]`;
      return [...lintStock(prize, path), ...(isMoney(prize) ? lintAmount(prize, path) : lintValue(prize, path))];
    }),
  ];
}

/** Rules, prizes, arms and the rows of a table are known by their keys. */
export function repeatedKeys(list: readonly { readonly key: string }[], path: string): Finding[] {
  return list.flatMap(({ key }, index) =>
    list.findIndex((other) => other.key === key) < index
      ? [error(`${path}[${index}].key`, 'duplicate_key', `「${key}」重复了`, HOUSE.format)]
      : [],
  );
}

function lintStock(prize: Prize, path: string): Finding[] {
  if (prize.kind === 'nothing' || prize.stock === null) return [];
  if (prize.stock <= 0) {
    const message = `「${prize.name}」没有库存：填一个正整数，或选不限量`;
    return [error(`${path}.stock`, 'empty_stock', message, LAW.pretended)];
  }
  if (prize.stock <= MOST_STOCK) return [];
  return [error(`${path}.stock`, 'out_of_range', '库存最多 10 亿份，更多请选不限量', HOUSE.format)];
}

/** Every amount the document names, with its place. */
export function amountsAt(amount: CashAmount, path: string): { readonly at: string; readonly fen: number }[] {
  if (amount.type === 'fixed') return [{ at: `${path}.fen`, fen: amount.fen }];
  if (amount.type === 'ladder')
    return amount.steps.map(({ fen: of }, index) => ({ at: `${path}.steps[${index}].fen`, fen: of }));
  return [
    { at: `${path}.minFen`, fen: amount.minFen },
    { at: `${path}.maxFen`, fen: amount.maxFen },
  ];
}

function lintAmount({ amount, name }: MoneyPrize, prizePath: string): Finding[] {
  const path = `${prizePath}.amount`;
  const findings = amountsAt(amount, path).flatMap(({ at, fen: value }) =>
    value > 0
      ? []
      : [error(at, value < 0 ? 'negative_amount' : 'zero_amount', '金额要大于 0；不中奖请用「谢谢参与」', HOUSE.money)],
  );
  if (amount.type === 'uniform') findings.push(...lintSpan(amount, path));
  if (amount.type === 'ladder') findings.push(...lintLadder(amount, path));
  if (amount.type === 'fixed') findings.push(...lintPromisedName(amount.fen, name, prizePath));
  return findings;
}

function lintSpan({ minFen, maxFen, stepFen = 1 }: Extract<CashAmount, { type: 'uniform' }>, path: string): Finding[] {
  if (minFen > maxFen) return [error(path, 'bad_span', '最小金额不能大于最大金额', HOUSE.money)];
  const rest = (maxFen - minFen) % stepFen;
  if (rest === 0) return [];
  const message = `每 ${stepFen} 分一档到不了最大金额，最多只会发到 ${maxFen - rest} 分：请改最大金额或每档的分数`;
  return [error(`${path}.stepFen`, 'uniform_step', message, LAW.truthful)];
}

function lintLadder({ steps }: Extract<CashAmount, { type: 'ladder' }>, path: string): Finding[] {
  return steps.flatMap((step, index) => {
    const before = steps[index - 1];
    const at = `${path}.steps[${index}]`;
    if (!before && step.fromNth !== 1)
      return [error(`${at}.fromNth`, 'ladder_start', '阶梯要从第 1 次开始', HOUSE.money)];
    if (!before) return [];
    if (step.fromNth <= before.fromNth) {
      return [error(`${at}.fromNth`, 'ladder_order', '阶梯的次数要一档比一档高', HOUSE.money)];
    }
    if (step.fen >= before.fen) return [];
    return [warning(`${at}.fen`, 'ladder_falls', '这一档的金额比前一档少：扫得越多拿得越少', HOUSE.money)];
  });
}

/** 「88 元红包」 that pays 8.80 misleads, on purpose or not. */
function lintPromisedName(amountFen: number, name: string, path: string): Finding[] {
  const [, yuan] = /(\d+(?:\.\d{1,2})?)\s*元/.exec(name) ?? [];
  if (yuan === undefined || amountFen <= 0 || Math.round(Number(yuan) * 100) === amountFen) return [];
  const message = `名称写的是 ${yuan} 元，实际发 ${formatYuan(fen(amountFen))} 元`;
  return [warning(`${path}.name`, 'name_amount_differs', message, LAW.truthful)];
}

/** Coupons, goods and redeemed goods need a value: the law wants it announced and adds it up. */
function lintValue(prize: Exclude<Prize, MoneyPrize>, path: string): Finding[] {
  if (prize.kind === 'nothing') return [];
  if (prize.valueFen === 0) {
    return [
      error(`${path}.valueFen`, 'value_missing', `要填「${prize.name}」的市场价，公示和最高奖都要用`, LAW.goodsValue),
    ];
  }
  if (prize.kind !== 'redeem' || prize.coPayFen < prize.valueFen) return [];
  return [error(`${path}.coPayFen`, 'copay_over_value', '加价不低于商品价值，就不是奖品了', LAW.pretended)];
}
