import type { NameOf } from '@app/conditions';
import type { CampaignContent, Prize, Rule } from './campaign-content';
import { wall, yuan } from './comparison/change';
import { capSentence } from './comparison/compare-limits';
import { amountWords } from './comparison/compare-prizes';
import { percent } from './comparison/compare-rules';
import { areaWords, noticeCondition, regionName } from './notice-words';
import { keysOf, prizeOf } from './prize-worth';

/** 规则公示: what the law wants announced, told from the version itself so that it cannot say anything else than what is decided. */
export interface Notice {
  readonly title: string;
  readonly versionNo: number;
  /** Of the version the notice was made from, 64 hex characters. */
  readonly contentHash: string;
  readonly sections: readonly NoticeSection[];
}
export interface NoticeSection {
  readonly title: string;
  readonly lines: readonly string[];
}

/** What is public of a deal: the commitment from the start, the seed (hex) once it is opened. */
export interface NoticeDeal {
  readonly ruleKey: string;
  readonly commitment: string;
  readonly seed: string | null;
}
export interface NoticeOptions {
  readonly deals?: readonly NoticeDeal[];
  /** Names of products and other things the document only numbers. */
  readonly nameOf?: NameOf;
}

export function publicNotice(
  version: { readonly versionNo: number; readonly contentHash: string; readonly content: CampaignContent },
  options: NoticeOptions = {},
): Notice {
  const { content, versionNo, contentHash } = version;
  const sections: NoticeSection[] = [
    { title: '主办方', lines: [content.legal.organiser, `联系方式：${content.legal.contact}`] },
    { title: '活动时间', lines: timeLines(content) },
    { title: '活动范围', lines: scopeLines(content, options.nameOf) },
    { title: '参与条件与方式', lines: [content.copy.ruleText, ...gateLines(content)] },
    { title: '奖项、数量与中奖概率', lines: content.rules.flatMap((rule) => ruleLines(content, rule, options)) },
    { title: '奖品说明', lines: usedPrizes(content).flatMap((prize) => prizeLines(prize, options.nameOf)) },
    { title: '领奖次数', lines: capLines(content) },
    { title: '开奖与兑奖', lines: claimLines(content) },
    { title: '其他说明', lines: [content.legal.disclosure] },
  ];
  return {
    title: content.copy.title,
    versionNo,
    contentHash,
    sections: sections.filter(({ lines }) => lines.length > 0),
  };
}

function timeLines({ period, burst }: CampaignContent): string[] {
  const span = `${wall(period.from)} 至 ${wall(period.to)}（北京时间，不含结束时刻）`;
  if (!burst) return [span];
  return [`在 ${span} 之间择时开始，开始后最长 ${burst.maxHours} 小时，或奖品发完为止`];
}

function scopeLines({ legal, scope, burst }: CampaignContent, nameOf?: NameOf): string[] {
  const named = scope.products.map((id) => nameOf?.('product', id) ?? `商品 ${id}`);
  const products = scope.products.length === 0 ? '参加活动的全部商品' : named.join('、');
  return [
    `地区：${areaWords(burst ? burst.fence : legal.announcedArea)}`,
    `商品：${products}${scope.batches.length === 0 ? '' : '（指定批次）'}`,
  ];
}

function gateLines({ gates }: CampaignContent): string[] {
  const words = { phone: '领取前需要绑定手机号，仅用于发奖', follow: '领取前需要关注公众号', share: '领取前需要分享' };
  return gates.map(({ kind }) => words[kind]);
}

function ruleLines(content: CampaignContent, rule: Rule, { deals = [], nameOf }: NoticeOptions): string[] {
  const name = (key: string): string => prizeOf(content, key)?.name ?? key;
  const { then } = rule;
  const who = noticeCondition(rule.when, nameOf);
  if (then.mode === 'drawn') {
    const rows = then.prizes.map(({ key, odds }) => `${name(key)} ${percent(odds)}`).join('；');
    const fallback = then.fallbackPrizeKey === null ? '' : `；奖品发完后改发「${name(then.fallbackPrizeKey)}」`;
    return [`${rule.name}（${who}）：中奖概率 ${rows}${fallback}`];
  }
  const codes = then.segment.to - then.segment.from;
  const rows = then.prizes.map(({ key, count }) => `${name(key)} ${count} 份`).join('；');
  const deal = deals.find(({ ruleKey }) => ruleKey === rule.key);
  return [
    `${rule.name}（指定批次的产品）：${codes} 个码中共有 ${rows}，发码前已经排定`,
    ...(deal ? [`排定结果的承诺值：${deal.commitment}；活动结束后公开种子，任何人都可以核对`] : []),
    ...(deal?.seed ? [`已公开的种子：${deal.seed}`] : []),
  ];
}

function usedPrizes(content: CampaignContent): Prize[] {
  const used = new Set(content.rules.flatMap(({ then }) => keysOf(then)));
  return content.prizes.filter(({ key }) => used.has(key));
}

function prizeLines(prize: Prize, nameOf?: NameOf): string[] {
  const number = prize.kind === 'nothing' || prize.stock === null ? '' : `，共 ${prize.stock} 份`;
  switch (prize.kind) {
    case 'nothing':
      return [];
    case 'cash':
      return [`「${prize.name}」：现金 ${amountWords(prize.amount)}${number}`];
    case 'locked':
      return [
        `「${prize.name}」：现金 ${amountWords(prize.amount)}${number}，${prize.opensWithinDays} 天内再扫一瓶打开，逾期视为放弃`,
      ];
    case 'coupon':
      return [`「${prize.name}」：价值 ${yuan(prize.valueFen)}${number}，${prize.validDays} 天内有效`];
    case 'goods':
      return [`「${prize.name}」：实物，价值 ${yuan(prize.valueFen)}${number}，填写地址后寄出`];
    case 'redeem': {
      const product = nameOf?.('product', prize.productId) ?? prize.name;
      const extra = prize.coPayFen === 0 ? '' : `，加 ${yuan(prize.coPayFen)} 换购`;
      return [
        `「${prize.name}」：到参加活动的门店兑换${product}，价值 ${yuan(prize.valueFen)}${extra}${number}，${prize.validDays} 天内有效`,
      ];
    }
  }
}

function capLines({ caps }: CampaignContent): string[] {
  return caps
    .filter(({ per }) => per !== 'code')
    .map((cap) => `${capSentence(cap, regionName)}；到上限时码不作废${cap.window === 'total' ? '' : '，过后可以再扫'}`);
}

function claimLines({ legal, payout, alwaysWins }: CampaignContent): string[] {
  const pay = payout.mode === 'instant' ? '红包逐个发放' : `红包累计满 ${yuan(payout.untilFen)} 后发放`;
  return [
    `扫码后当场开奖${alwaysWins ? '，每个有效的码都有奖' : ''}。`,
    `兑奖方式：${legal.claimWay}`,
    `${pay}。`,
    `兑奖截止：${wall(legal.claimUntil)}，请在此之前领取。`,
  ];
}
