import { leavesOf } from '@app/conditions';
import { fen, formatYuan } from '@app/kernel';
import { compileCampaign } from '../compile-campaign';
import type { CampaignContent, DealtSegment, Prize } from './campaign-content';
import { error, info, warning, type Finding } from './finding';
import { liability } from './liability';
import { lintPictures } from './linter/lint-look';
import { overlapFindings } from './linter/lint-overlap';
import { HOUSE } from './sources';
import type { Surroundings } from './surroundings';

/** Only codes on layers of this purpose pay consumers. */
const PRIZE_PURPOSE = 'prize';

/**
 * What is wrong or risky about a draft where it is to be published: whether the money is there, and whether everything it names exists.
 * `content` must have passed `validateCampaign`.
 */
export function lintInSurroundings(content: CampaignContent, surroundings: Surroundings): Finding[] {
  return [
    ...lintScope(content, surroundings),
    ...lintConditions(content, surroundings),
    ...lintSegments(content, surroundings),
    ...content.prizes.flatMap((prize, index) => lintSupply(content, prize, `prizes[${index}]`, surroundings)),
    ...lintBudget(content, surroundings),
    ...lintOverlap(content, surroundings),
    ...lintPictures(content, surroundings.pictures),
  ];
}

const unknown = (path: string, code: string, what: string): Finding => error(path, code, `没有${what}`, HOUSE.format);

function lintScope({ scope }: CampaignContent, { productIds, batches, codesInScope }: Surroundings): Finding[] {
  const findings = [
    ...scope.products.flatMap((id, index) =>
      productIds.has(id) ? [] : [unknown(`scope.products[${index}]`, 'unknown_product', `编号 ${id} 的商品`)],
    ),
    ...scope.batches.flatMap((id, index) => {
      const path = `scope.batches[${index}]`;
      const batch = batches.get(id);
      if (!batch) return [unknown(path, 'unknown_batch', `编号 ${id} 的码批次`)];
      if (scope.products.length === 0 || scope.products.includes(batch.productId)) return [];
      return [error(path, 'batch_of_other_product', `码批次 ${id} 不是所选商品的，不会有码落在范围里`, HOUSE.order)];
    }),
  ];
  if (findings.length > 0 || codesInScope > 0) return findings;
  return [warning('scope', 'no_codes', '活动范围里还没有发给消费者的奖励码', HOUSE.order)];
}

/** Products, batches and audiences that conditions name. */
function lintConditions({ rules }: CampaignContent, { productIds, batches, audienceIds }: Surroundings): Finding[] {
  const known: Record<string, readonly [code: string, label: string, has: (id: number) => boolean]> = {
    product: ['unknown_product', '商品', (id) => productIds.has(id)],
    batch: ['unknown_batch', '码批次', (id) => batches.has(id)],
    audience: ['unknown_audience', '人群', (id) => audienceIds.has(id)],
  };
  return rules.flatMap(({ when }, index) =>
    leavesOf(when, `rules[${index}].when`).flatMap(({ leaf, path }) => {
      const field = Object.hasOwn(known, leaf.field) ? known[leaf.field] : undefined;
      if (!field || (typeof leaf.value === 'object' && 'from' in leaf.value)) return [];
      const [code, label, has] = field;
      const strange = [leaf.value].flat().find((id) => !has(Number(id)));
      return strange === undefined ? [] : [unknown(`${path}.value`, code, `编号 ${String(strange)} 的${label}`)];
    }),
  );
}

function lintSegments({ rules }: CampaignContent, surroundings: Surroundings): Finding[] {
  return rules.flatMap(({ then }, index) =>
    then.mode === 'dealt' ? lintSegment(then.segment, `rules[${index}].then.segment`, surroundings) : [],
  );
}

function lintSegment(segment: DealtSegment, path: string, { batches }: Surroundings): Finding[] {
  const batch = batches.get(segment.batch);
  if (!batch) return [unknown(`${path}.batch`, 'unknown_batch', `编号 ${segment.batch} 的码批次`)];
  if (segment.to > batch.quantity) {
    const message = `码批次 ${segment.batch} 只有 ${batch.quantity} 个码，埋在后面的奖永远扫不到`;
    return [error(`${path}.to`, 'segment_outside_batch', message, HOUSE.deals)];
  }
  const layer = batch.layers.find((one) => one.layer === segment.layer);
  if (layer?.purpose === PRIZE_PURPOSE) return [];
  const message = '只有给消费者领奖的码层级才能预埋奖项';
  return [error(`${path}.layer`, 'segment_not_prize_layer', message, HOUSE.deals)];
}

/** Are there coupons, and stores that hand over the goods? */
function lintSupply(content: CampaignContent, prize: Prize, path: string, surroundings: Surroundings): Finding[] {
  if (prize.kind === 'coupon' && prize.coupon.type === 'pool') {
    return lintPool(content, prize, prize.coupon.poolId, path, surroundings);
  }
  if (prize.kind !== 'redeem') return [];
  const { productIds, storesByProduct, storesTotal } = surroundings;
  if (!productIds.has(prize.productId)) {
    return [unknown(`${path}.productId`, 'unknown_product', `编号 ${prize.productId} 的商品`)];
  }
  const stores = storesByProduct.get(prize.productId) ?? 0;
  if (stores === 0) {
    const message = `没有一家门店兑付「${prize.name}」的商品，中了也领不到`;
    return [error(`${path}.productId`, 'no_redeeming_store', message, HOUSE.redeem)];
  }
  if (stores * 2 >= storesTotal) return [];
  const message = `${storesTotal} 家门店里只有 ${stores} 家兑付「${prize.name}」，请在公示里写明去哪里兑`;
  return [info(`${path}.productId`, 'few_redeeming_stores', message, HOUSE.redeem)];
}

function lintPool(
  { rules }: CampaignContent,
  { key, name, ...prize }: Extract<Prize, { kind: 'coupon' }>,
  poolId: number,
  path: string,
  { couponPools }: Surroundings,
): Finding[] {
  const left = couponPools.get(poolId);
  if (left === undefined) return [unknown(`${path}.coupon.poolId`, 'unknown_pool', `编号 ${poolId} 的券池`)];
  const dealt = rules.flatMap(({ then }) => (then.mode === 'dealt' ? then.prizes : []));
  const wanted = Math.max(
    prize.stock ?? 0,
    dealt.reduce((sum, row) => (row.key === key ? sum + row.count : sum), 0),
  );
  if (left === 0) return [error(`${path}.coupon.poolId`, 'pool_empty', `「${name}」的券池已经空了`, HOUSE.budget)];
  if (left >= wanted) return [];
  const message = `「${name}」要 ${wanted} 张券，券池只剩 ${left} 张`;
  return [error(`${path}.coupon.poolId`, 'pool_too_small', message, HOUSE.budget)];
}

const yuan = (amount: number): string => `${formatYuan(fen(amount))} 元`;

/** Granted money against what the campaign will cost: below 预计兑付 × 1.2 an error, below 全部兑付 a warning (必中: an error). */
function lintBudget(content: CampaignContent, { budget, codesInScope, scanRate }: Surroundings): Finding[] {
  const { budgetId, alwaysWins, burst } = content;
  if (budgetId === null) return [];
  if (budget?.id !== budgetId) return [unknown('budgetId', 'unknown_budget', `编号 ${budgetId} 的预算`)];
  const { fullFen, expectedFen } = liability(content, codesInScope, scanRate);
  const { grantedFen } = budget;
  if (grantedFen * 5 < expectedFen * 6) {
    const message = `已批预算 ${yuan(grantedFen)}，不到预计兑付 ${yuan(expectedFen)} 的 1.2 倍；请先追加预算`;
    return [error('budgetId', 'budget_below_expected', message, HOUSE.budget)];
  }
  if (grantedFen >= fullFen) return [];
  if (alwaysWins) {
    const message = `承诺了必中，已批预算 ${yuan(grantedFen)} 却付不起全部兑付 ${yuan(fullFen)}`;
    return [error('budgetId', 'promise_budget', message, HOUSE.promise)];
  }
  const message = `已批预算 ${yuan(grantedFen)} 低于全部兑付 ${yuan(fullFen)}：扫的人比预计多时活动会因预算不足暂停`;
  return [warning(burst ? 'burst.maxFen' : 'budgetId', 'budget_below_full', message, HOUSE.budget)];
}

function lintOverlap(content: CampaignContent, { others }: Surroundings): Finding[] {
  // Campaign ids begin at 1: the draft stands beside all others.
  const draft = compileCampaign({ campaignId: 0, versionId: 0, versionNo: 0, contentHash: '', content });
  return overlapFindings(draft, others);
}
