import { leavesOf, type Leaf } from '@app/conditions';
import { addDays, shanghaiDay, shanghaiDayStart } from '@app/kernel';
import type { CampaignContent, Prize, Rule } from '../campaign-content';
import { coversArea, narrower, placesOf, requiredLeaves, type Places } from '../condition-shape';
import { error, info, warning, type Finding } from '../finding';
import { periodOf, shanghaiWallTime } from '../period';
import { isLottery, isMoney, keysOf, prizeOf, worthFen } from '../prize-worth';
import { LAW } from '../sources';
import { amountsAt } from './lint-prizes';

/** Highest single prize of a lottery-like promotion: 50,000 yuan. */
export const TOP_PRIZE_FEN = 5_000_000;
/** Above 500 yuan the claims have to be published as they happen. */
const PUBLISH_WINNERS_FEN = 50_000;
const PLACEHOLDER = /待填|待定|待补|某某|[xX×]{2,}|占位|…{2,}|\?{2,}|？{2,}/;
const CONTACT = /\d{5,}|\d{3,}-\d{3,}|\S+@\S+|https?:\/\//;

/** What the law on prize promotions asks for. */
export function lintLaw(content: CampaignContent): Finding[] {
  return [
    ...lintPeriod(content),
    ...content.prizes.flatMap((prize, index) => lintTopPrize(prize, `prizes[${index}]`)),
    ...lintDisclosure(content),
    ...lintCouponRules(content),
    ...lintPartOfArea(content),
    ...lintHeldBack(content),
  ];
}

function lintPeriod(content: CampaignContent): Finding[] {
  const { period, legal } = content;
  const { from, to } = periodOf(period);
  const { to: until } = periodOf({ ...period, to: legal.claimUntil });
  const noSuchDay = (path: string): Finding => error(path, 'bad_format', '没有这一天', LAW.disclosure);
  const bad = [
    ...(from === null ? [noSuchDay('period.from')] : []),
    ...(to === null ? [noSuchDay('period.to')] : []),
    ...(until === null ? [noSuchDay('legal.claimUntil')] : []),
  ];
  if (from === null || to === null) return bad;
  if (from >= to) return [...bad, error('period.to', 'period_empty', '结束时间要晚于开始时间', LAW.disclosure)];
  if (until === null) return bad;
  if (until >= to) return [...bad, ...lintOpenings(content, to, until)];
  const message = '兑奖截止不能早于活动结束：最后一天中奖的人也要来得及领';
  return [...bad, error('legal.claimUntil', 'claim_ends_early', message, LAW.disclosure)];
}

/** The notice promises that a packet can be opened for some days: whoever opens it in time must be in time to claim it. */
function lintOpenings(content: CampaignContent, to: Date, until: Date): Finding[] {
  const used = new Set(content.rules.flatMap(({ then }) => keysOf(then)));
  const locked = content.prizes.flatMap((prize) => (prize.kind === 'locked' && used.has(prize.key) ? [prize] : []));
  const longest = locked.sort((one, other) => other.opensWithinDays - one.opensWithinDays)[0];
  if (longest === undefined) return [];
  // Whole Shanghai days after the one in which the last packet can be won, as its owner reads it.
  const last = shanghaiDay(new Date(to.getTime() - 1));
  const opensUntil = shanghaiDayStart(addDays(last, longest.opensWithinDays + 1));
  if (until >= opensUntil) return [];
  const message =
    `「${longest.name}」中奖后 ${longest.opensWithinDays} 天内都能打开，最后一天中的人到 ` +
    `${shanghaiWallTime(opensUntil).replace('T', ' ')} 才过期；兑奖截止不能早于这个时间，否则打开了也领不到`;
  return [error('legal.claimUntil', 'claim_ends_before_opening', message, LAW.disclosure)];
}

function lintTopPrize(prize: Prize, path: string): Finding[] {
  const amounts = isMoney(prize)
    ? amountsAt(prize.amount, `${path}.amount`)
    : [{ at: `${path}.valueFen`, fen: worthFen(prize) }];
  const tooMuch = amounts.filter(({ fen }) => fen > TOP_PRIZE_FEN);
  if (tooMuch.length > 0) {
    const message = `单个奖品最高 50,000 元，实物和券按市场价计算`;
    return tooMuch.map(({ at }) => error(at, 'amount_over_law', message, LAW.topPrize));
  }
  if (worthFen(prize) <= PUBLISH_WINNERS_FEN) return [];
  const message = `「${prize.name}」超过 500 元，兑奖情况要随时公示`;
  return [info(path, 'winners_to_publish', message, LAW.disclosure)];
}

/** Prizes, odds or numbers, time and conditions stand in the generated notice; the rest has to be written by a person. */
function lintDisclosure({ legal, copy }: CampaignContent): Finding[] {
  const texts = [
    ['legal.organiser', legal.organiser, '主办方'],
    ['legal.disclosure', legal.disclosure, '公示说明'],
    ['legal.claimWay', legal.claimWay, '兑奖方式'],
    ['legal.contact', legal.contact, '联系方式'],
    ['copy.ruleText', copy.ruleText, '参与条件'],
  ] as const;
  const findings = texts.flatMap(([path, text, label]) =>
    PLACEHOLDER.test(text)
      ? [error(path, 'disclosure_placeholder', `${label}还没有写好，活动开始前必须公示清楚`, LAW.disclosure)]
      : [],
  );
  if (!CONTACT.test(legal.contact) && !PLACEHOLDER.test(legal.contact)) {
    const message = '联系方式要让消费者找得到人：写电话、邮箱或网址';
    findings.push(warning('legal.contact', 'contact_unclear', message, LAW.disclosure));
  }
  return findings;
}

function lintCouponRules({ prizes, legal, copy }: CampaignContent): Finding[] {
  if (/使用|适用|抵扣/.test(legal.disclosure + legal.claimWay + copy.ruleText)) return [];
  return prizes.flatMap((prize, index) =>
    prize.kind === 'coupon'
      ? [
          warning(
            `prizes[${index}]`,
            'coupon_rules_missing',
            `公示里要写明「${prize.name}」在哪里使用、有什么限制`,
            LAW.coupons,
          ),
        ]
      : [],
  );
}

const winning = (prize: Prize | undefined): prize is Prize => prize !== undefined && prize.kind !== 'nothing';
const rulesGiving = ({ rules }: CampaignContent, prize: Prize): Rule[] =>
  rules.filter(({ then }) => keysOf(then).includes(prize.key));

/** A prize announced for an area must be there to be won in all of it. */
function lintPartOfArea(content: CampaignContent): Finding[] {
  const { legal, burst } = content;
  const fence: Places = { everywhere: burst === null, regions: burst?.fence ?? [] };
  const best = topWorth(content);
  const reachesAll = (prize: Prize): boolean => {
    const places = rulesGiving(content, prize).map(({ when }) => narrower(fence, placesOf(when)));
    const together = { everywhere: places.some((of) => of.everywhere), regions: places.flatMap((of) => of.regions) };
    return coversArea(together, legal.announcedArea);
  };
  // Whoever can win as much everywhere is not deceived by a smaller prize that some regions have besides.
  const everywhere = Math.max(0, ...content.prizes.filter(reachesAll).map(worthFen));
  return content.prizes.flatMap((prize, index) => {
    const rules = rulesGiving(content, prize);
    if (!winning(prize) || rules.length === 0 || worthFen(prize) <= everywhere || reachesAll(prize)) return [];
    const lottery = rules.some(({ then }) => isLottery(then)) && worthFen(prize) === best;
    const message =
      `「${prize.name}」只在一部分地区能中，公示的范围却是${legal.announcedArea.length === 0 ? '全国' : '更大的地区'}；` +
      '请把公示范围改成这些地区，或另建一个区域活动，或让公示范围内都能中';
    const remark = lottery ? error : warning;
    return [remark(`prizes[${index}]`, 'prize_area_part', message, LAW.pretended)];
  });
}

function topWorth(content: CampaignContent): number {
  return Math.max(0, ...content.rules.flatMap(({ then }) => keysOf(then).map((key) => worthOf(content, key))));
}
function worthOf(content: CampaignContent, key: string): number {
  const prize = prizeOf(content, key);
  return prize ? worthFen(prize) : 0;
}

/** The best prizes of a lottery may not wait for a later day, or for those who scanned often. */
function lintHeldBack(content: CampaignContent): Finding[] {
  const best = topWorth(content);
  return content.prizes.flatMap((prize, index) => {
    const rules = rulesGiving(content, prize);
    if (!winning(prize) || worthFen(prize) < best || !rules.some(({ then }) => isLottery(then))) return [];
    const path = `prizes[${index}]`;
    if (rules.every(({ when }) => requiredLeaves(when).some((leaf) => opensLater(leaf, content)))) {
      const message = `最高奖「${prize.name}」要到活动中途才放出来；请从活动开始就能中，或把后半段另建一个活动`;
      return [error(path, 'prize_held_back', message, LAW.pretended)];
    }
    if (rules.every(({ when }) => requiredLeaves(when).some(asksForManyScans))) {
      const message = `最高奖「${prize.name}」只有扫过多瓶的人才有机会抽；公示会写明这个条件，请确认宣传没有说成人人可抽`;
      return [warning(path, 'prize_needs_scans', message, LAW.disclosure)];
    }
    return [];
  });
}

/** `at ≥` something after the beginning of the campaign. */
function opensLater({ field, op, value }: Leaf, { period }: CampaignContent): boolean {
  if (field !== 'at' || op === 'lt') return false;
  const from = typeof value === 'object' && 'from' in value ? value.from : value;
  return shanghaiWallTime(new Date(String(from))) > period.from;
}

function asksForManyScans({ field, op, value }: Leaf): boolean {
  if (!field.startsWith('nthScan')) return false;
  const least = typeof value === 'object' && 'from' in value ? value.from : value;
  return (
    op === 'everyNth' ||
    ((op === 'gt' || op === 'gte' || op === 'eq' || op === 'range' || op === 'between') && Number(least) > 1)
  );
}

/** Does any rule speak of this field? */
export function asksFor({ rules }: CampaignContent, field: string): boolean {
  return rules.some(({ when }) => leavesOf(when).some(({ leaf }) => leaf.field === field));
}
