import type { CampaignContent, Rule } from '../campaign-content';
import { conjunctionOf, implies, isEverybody, leavesOver, requiredLeaves } from '../condition-shape';
import { warning, type Finding } from '../finding';
import { periodOf } from '../period';
import { keysOf } from '../prize-worth';
import { HOUSE } from '../sources';

/** Rules that no scan ever reaches, and prizes that no rule gives. */
export function lintReach(content: CampaignContent): Finding[] {
  const { rules, prizes } = content;
  const used = new Set(rules.flatMap(({ then }) => keysOf(then)));
  return [
    ...rules.flatMap((rule, index) => lintRule(content, rule, index)),
    ...unknownShipments(content),
    ...prizes.flatMap((prize, index) =>
      used.has(prize.key)
        ? []
        : [warning(`prizes[${index}]`, 'prize_unused', `没有规则用到「${prize.name}」`, HOUSE.tables)],
    ),
  ];
}

function lintRule(content: CampaignContent, rule: Rule, index: number): Finding[] {
  const path = `rules[${index}]`;
  const unreachable = (why: string): Finding[] => [
    warning(path, 'rule_unreachable', `规则「${rule.name}」永远轮不到：${why}`, HOUSE.order),
  ];
  const before = content.rules.slice(0, index).find((earlier) => takesAllOf(earlier, rule));
  if (before) {
    return unreachable(isEverybody(before.when) ? '前面的规则对所有人成立' : `满足它的人都会先满足「${before.name}」`);
  }
  if (outOfScope(content, rule)) return unreachable('它要的商品或码批次不在活动范围里');
  return outOfPeriod(content, rule) ? unreachable('它的时间不在活动时段里') : [];
}

/** A dealt rule only takes the codes of its segment, and an earlier rule that believes worse places takes no fewer. */
function takesAllOf(earlier: Rule, later: Rule): boolean {
  if (earlier.then.mode === 'dealt') return false;
  if (isEverybody(earlier.when)) return true;
  if (!conjunctionOf(earlier.when) && JSON.stringify(earlier.when) !== JSON.stringify(later.when)) return false;
  return earlier.minTrust === later.minTrust && implies(later.when, earlier.when);
}

function outOfScope({ scope }: CampaignContent, { when }: Rule): boolean {
  return requiredLeaves(when).some(({ field, op, value }) => {
    const wanted = field === 'product' ? scope.products : field === 'batch' ? scope.batches : [];
    if (wanted.length === 0 || (op !== 'eq' && op !== 'in')) return false;
    return ![value].flat().some((id) => wanted.includes(Number(id)));
  });
}

function outOfPeriod({ period }: CampaignContent, { when }: Rule): boolean {
  const { from, to } = periodOf(period);
  if (!from || !to) return false;
  return requiredLeaves(when).some(({ field, op, value }) => {
    if (field !== 'at') return false;
    const span = typeof value === 'object' && 'from' in value ? value : null;
    const begins = op === 'gte' ? value : (span?.from ?? null);
    const ends = op === 'lt' ? value : (span?.to ?? null);
    const instant = (text: unknown): number => Date.parse(String(text));
    return (begins !== null && instant(begins) >= to.getTime()) || (ends !== null && instant(ends) <= from.getTime());
  });
}

/** Where a code was shipped is known to nobody as yet: such a rule never matches, and such a cap counts all stores as one. */
function unknownShipments({ rules, caps }: CampaignContent): Finding[] {
  const fields = rules.flatMap(({ when }, index) =>
    ['shippedToDistributor', 'shippedToStore'].flatMap((field) => leavesOver(when, field, `rules[${index}].when`)),
  );
  const message = '发货去向还没有数据';
  return [
    ...fields.map(({ path }) => warning(path, 'shipments_unknown', `${message}，这个条件不会成立`, HOUSE.order)),
    ...caps.flatMap(({ per }, index) =>
      per === 'store'
        ? [warning(`caps[${index}]`, 'shipments_unknown', `${message}，按门店的上限会把所有门店算在一起`, HOUSE.caps)]
        : [],
    ),
  ];
}
