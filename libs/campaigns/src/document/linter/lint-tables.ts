import { leavesOf } from '@app/conditions';
import { CODE_FIELDS } from '../../scan-fields';
import {
  ODDS_TOTAL,
  type CampaignContent,
  type DealtSegment,
  type DealtTable,
  type DrawnTable,
  type Rule,
} from '../campaign-content';
import { isEverybody, requiredLeaves } from '../condition-shape';
import { percent } from '../comparison/compare-rules';
import { error, warning, type Finding } from '../finding';
import { isLimited, prizeOf } from '../prize-worth';
import { HOUSE, LAW } from '../sources';
import { repeatedKeys } from './lint-prizes';

/** The prize table of every rule: known prizes, sums, fallbacks, deals. */
export function lintTables(content: CampaignContent): Finding[] {
  return [
    ...repeatedKeys(content.rules, 'rules'),
    ...content.rules.flatMap((rule, index) => {
      const path = `rules[${index}].then`;
      const { then } = rule;
      return [
        ...repeatedKeys(then.prizes, `${path}.prizes`),
        ...then.prizes.flatMap(({ key }, row) => unknownPrize(content, key, `${path}.prizes[${row}].key`)),
        ...(then.mode === 'drawn' ? lintDrawn(content, rule, then, path) : lintDealt(content, rule, then, index)),
      ];
    }),
    ...overlappingDeals(content),
  ];
}

function unknownPrize(content: CampaignContent, key: string, path: string): Finding[] {
  return prizeOf(content, key) ? [] : [error(path, 'unknown_prize', `没有「${key}」这个奖品`, HOUSE.tables)];
}

function lintDrawn(content: CampaignContent, { name }: Rule, table: DrawnTable, path: string): Finding[] {
  const findings: Finding[] = [];
  const total = table.prizes.reduce((sum, { odds }) => sum + odds, 0);
  if (total !== ODDS_TOTAL) {
    const gap = total < ODDS_TOTAL ? `还差 ${percent(ODDS_TOTAL - total)}` : `多了 ${percent(total - ODDS_TOTAL)}`;
    const message = `规则「${name}」的概率合计要正好是 100%，${gap}`;
    findings.push(error(`${path}.prizes`, 'odds_sum', message, HOUSE.tables));
  }
  const fallbackPath = `${path}.fallbackPrizeKey`;
  if (table.fallbackPrizeKey === null) {
    const limited = table.prizes.map(({ key }) => prizeOf(content, key)).find((prize) => prize && isLimited(prize));
    if (limited) {
      findings.push(
        error(fallbackPath, 'fallback_missing', `「${limited.name}」会发完，要选一个替代奖品`, HOUSE.tables),
      );
    }
    return findings;
  }
  findings.push(...unknownPrize(content, table.fallbackPrizeKey, fallbackPath));
  const fallback = prizeOf(content, table.fallbackPrizeKey);
  if (fallback && isLimited(fallback)) {
    findings.push(error(fallbackPath, 'fallback_limited', '替代奖品不能也限量，否则会无奖可发', HOUSE.tables));
  }
  return findings;
}

function lintDealt(content: CampaignContent, rule: Rule, table: DealtTable, index: number): Finding[] {
  const path = `rules[${index}].then`;
  const { segment } = table;
  if (segment.from >= segment.to) {
    return [error(`${path}.segment`, 'segment_empty', '码段的结束序号要大于起始序号', HOUSE.deals)];
  }
  return [
    ...dealSum(table, path),
    ...dealtPrizes(content, table, path),
    ...dealtCondition(rule, index),
    ...shadowedDeal(content, segment, index),
    ...(content.scope.batches.length > 0 && !content.scope.batches.includes(segment.batch)
      ? [error(`${path}.segment.batch`, 'segment_out_of_scope', '这个码批次不在活动范围里', HOUSE.deals)]
      : []),
  ];
}

function dealSum({ segment, prizes }: DealtTable, path: string): Finding[] {
  const codes = segment.to - segment.from;
  const total = prizes.reduce((sum, { count }) => sum + count, 0);
  if (total === codes) return [];
  const gap = total < codes ? `还差 ${codes - total}` : `多了 ${total - codes}`;
  const message = `预埋的份数合计要正好等于码段的 ${codes} 个码，${gap}；不中的也要写成「谢谢参与」`;
  return [error(`${path}.prizes`, 'deal_sum', message, HOUSE.deals)];
}

function dealtPrizes(content: CampaignContent, { prizes }: DealtTable, path: string): Finding[] {
  return prizes.flatMap(({ key }, row) => {
    const prize = prizeOf(content, key);
    if (!prize || prize.kind === 'nothing') return [];
    const at = `prizes[${content.prizes.indexOf(prize)}]`;
    if (prize.stock !== null) {
      const message = `「${prize.name}」按数量预埋，份数写在奖项表里，库存要选不限量`;
      return [error(`${at}.stock`, 'deal_stock', message, HOUSE.deals)];
    }
    if ('amount' in prize && prize.amount.type === 'ladder') {
      const message = `「${prize.name}」的金额随人变化，不能预埋：总额在发码时就要定下来`;
      return [error(`${path}.prizes[${row}].key`, 'deal_ladder', message, HOUSE.deals)];
    }
    return [];
  });
}

function dealtCondition({ when }: Rule, index: number): Finding[] {
  const root = `rules[${index}].when`;
  const stray = leavesOf(when, root).filter(({ leaf }) => !CODE_FIELDS.has(leaf.field));
  if (stray.length > 0) {
    const message = '按数量预埋的规则只能看码本身（商品、批次、层级、序号），不能看人、地点或时间';
    return stray.map(({ path }) => error(path, 'deal_condition', message, HOUSE.deals));
  }
  if (isEverybody(when)) return [];
  const message = '条件会挡住码段里的一部分码，埋在那些码里的奖就发不出去；请改码段，不要另设条件';
  return [warning(root, 'deal_narrowed', message, LAW.pretended)];
}

/** An earlier rule that may take codes of the segment keeps the prizes dealt to them from coming out. */
function shadowedDeal({ rules }: CampaignContent, { batch }: DealtSegment, index: number): Finding[] {
  const takes = ({ then, when }: Rule): boolean =>
    then.mode === 'drawn' &&
    !requiredLeaves(when).some(({ field, op, value }) => {
      if (field !== 'batch') return false;
      if (op === 'eq') return value !== batch;
      return op === 'in' && Array.isArray(value) && !value.includes(batch);
    });
  const before = rules.slice(0, index).find(takes);
  if (!before) return [];
  const message = `前面的规则「${before.name}」可能先用掉码段里的码，埋好的奖就发不全；请把预埋的规则放到前面`;
  return [warning(`rules[${index}]`, 'deal_shadowed', message, LAW.pretended)];
}

function overlappingDeals({ rules }: CampaignContent): Finding[] {
  return rules.flatMap(({ then }, index) => {
    if (then.mode !== 'dealt') return [];
    const earlier = rules
      .slice(0, index)
      .find((other) => other.then.mode === 'dealt' && overlap(other.then.segment, then.segment));
    if (!earlier) return [];
    const message = `码段与规则「${earlier.name}」的重叠：一个码只能埋一次奖`;
    return [error(`rules[${index}].then.segment`, 'segments_overlap', message, HOUSE.deals)];
  });
}

function overlap(a: DealtSegment, b: DealtSegment): boolean {
  return a.batch === b.batch && a.layer === b.layer && a.from < b.to && b.from < a.to;
}
