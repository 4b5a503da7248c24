import { explainLeaf, type NameOf } from '@app/conditions';
import { fen, formatYuan, shanghaiWords } from '@app/kernel';
import { ODDS_TOTAL, type Cap, type CapWindow, type Lane } from './document/campaign-content';
import type { Decision, Refused, RefusalReason } from './decision';
import type { CampaignTrace, DecisionTrace, DrawTrace, RuleTrace } from './decision-trace';
import { SCAN_FIELDS } from './scan-fields';

const LANE_WORDS: Record<Lane, string> = { burst: '区域加码', regional: '区域活动', base: '基础活动' };

/**
 * Why this scan got what it got, in Chinese sentences for the people who answer the phone: every campaign in the order it was asked,
 * every rule with what was seen, wanted and found, then the result. `nameOf` supplies names of regions, products and batches.
 */
export function explain(trace: DecisionTrace, nameOf?: NameOf): string[] {
  const opening =
    trace.campaigns.length === 0
      ? `${shanghaiWords(new Date(trace.at))}，没有任何已发布的活动。`
      : `${shanghaiWords(new Date(trace.at))}，按先后顺序看了 ${trace.campaigns.length} 个活动。`;
  const location = trace.withoutLocation ? ['这位顾客选择不开启定位，缺少所在地的规则直接略过。'] : [];
  return [
    opening,
    ...location,
    ...trace.campaigns.flatMap((campaign) => campaignWords(campaign, trace.withoutLocation, nameOf)),
    `结果：${resultWords(trace.decision, trace.campaigns)}`,
  ];
}

function campaignWords(campaign: CampaignTrace, withoutLocation: boolean, nameOf?: NameOf): string[] {
  const { answer, draw, caps } = campaign;
  const head = `${LANE_WORDS[campaign.lane]}「${campaign.name}」（第 ${campaign.versionNo} 版，优先级 ${campaign.priority}）`;
  if (answer.kind === 'not_asked') return [`${head}：排在后面，前面已有结果，没有再看。`];
  if (answer.kind === 'passed_over' && answer.why !== 'no_rule_matches')
    return [`${head}：${PASSED_WORDS[answer.why]}`];
  const rules = campaign.rules.map((rule) => ruleWords(rule, withoutLocation, nameOf));
  if (answer.kind === 'passed_over') return [`${head}：`, ...rules, '没有一条规则满足，看下一个活动。'];
  return [
    `${head}：`,
    ...rules,
    ...(campaign.gates ? [`领奖前要先${campaign.gates.map((kind) => GATE_WORDS[kind]).join('、')}。`] : []),
    ...(caps ?? []).map(capWords),
    ...(draw ? drawWords(draw) : []),
    ...(answer.kind === 'refused' ? [refusalWords(answer, campaign)] : []),
  ];
}

function ruleWords(rule: RuleTrace, withoutLocation: boolean, nameOf?: NameOf): string {
  const leaves = rule.leaves.map((leaf) => explainLeaf(leaf, SCAN_FIELDS, nameOf)).join('，');
  return `规则「${rule.name}」：${leaves || '对所有人'} → ${ruleResult(rule, withoutLocation)}`;
}

function ruleResult({ result, lacksPlace }: RuleTrace, withoutLocation: boolean): string {
  if (result === 'true') return '满足';
  if (result === 'false') return '不满足';
  if (!lacksPlace) return '有未知的条件，按不满足处理';
  return withoutLocation ? '缺少所在地，略过' : '只差所在地，要请顾客开启定位';
}

const PASSED_WORDS = {
  out_of_scope: '不包含这个商品或码批次，略过。',
  over: '已经结束，略过。',
  armed: '已经批准，还没有人启动，略过。',
} as const;
const GATE_WORDS: Record<string, string> = { phone: '绑定手机号', follow: '关注公众号', share: '分享' };
const WINDOW_WORDS: Record<CapWindow, string> = {
  hour: '这个小时',
  day: '今天',
  week: '本周',
  month: '本月',
  total: '累计',
};
const SUBJECT_WORDS: Record<Cap['per'], string> = {
  member: '这位会员',
  code: '这个码',
  region: '这个地区',
  store: '这家门店',
  campaign: '整个活动',
};

/** 这位会员今天已中 3／10 次 */
function capWords({ cap, used }: NonNullable<CampaignTrace['caps']>[number]): string {
  const counts = [
    ...(cap.count === null ? [] : [`已中 ${used.count}／${cap.count} 次`]),
    ...(cap.fen === null ? [] : [`已发 ${yuan(used.fen)}，上限 ${yuan(cap.fen)}`]),
  ];
  return `${SUBJECT_WORDS[cap.per]}${WINDOW_WORDS[cap.window]}${counts.join('，')}。`;
}

function drawWords({ mode, point, of, drawn, given, budget }: DrawTrace): string[] {
  const luck =
    mode === 'dealt'
      ? `预埋：这个码在 ${of} 个码里排在第 ${point + 1} 位，是「${drawn.name}」（共 ${drawn.odds} 份）。`
      : `开奖：抽到 ${point}（0–${of - 1}），落在「${drawn.name}」（概率 ${percent(drawn.odds)}）。`;
  const words = [luck];
  if (given.viaFallback) words.push(`「${drawn.name}」已经发完，改发「${given.name}」。`);
  else if (drawn.stockLeft !== null) words.push(`「${drawn.name}」还剩 ${drawn.stockLeft} 份。`);
  if (budget) {
    words.push(`预算 ${budget.id} 还有 ${yuan(Math.max(0, budget.leftFen))}，这次要 ${yuan(given.amountFen)}。`);
  }
  return words;
}

const REFUSAL_WORDS: Record<RefusalReason, (refused: Refused, campaign: CampaignTrace) => string> = {
  cap_reached: (refused) => `${capName(refused)}的次数或金额已满，${retryWords(refused)}。`,
  place_needed: ({ cure }) => `需要知道所在地才能判断${cure.nationwide ? '；不开启定位也可以改领全国奖' : ''}。`,
  not_started: (_, { from }) => `活动要到 ${shanghaiWords(new Date(from))} 才开始。`,
  paused: () => '活动暂停中，恢复后可以再扫。',
  gate_open: ({ cure }) => `领奖前还要先${GATE_WORDS[cure.action] ?? '完成一步'}。`,
  budget_short: (refused) =>
    refused.cure.cap
      ? `${capName(refused)}的预算份额已用完，${retryWords(refused)}；奖不会变成「谢谢参与」。`
      : '预算不够付这个奖，活动会补足预算；奖不会变成「谢谢参与」。',
};

function capName({ cure: { cap } }: Refused): string {
  return cap ? `${SUBJECT_WORDS[cap.per]}${WINDOW_WORDS[cap.window]}` : '';
}

function retryWords({ cure: { at } }: Refused): string {
  return at ? `${shanghaiWords(new Date(at))} 以后可以再扫` : '过后可以再扫';
}

function refusalWords(refused: Refused, campaign: CampaignTrace): string {
  return REFUSAL_WORDS[refused.reason](refused, campaign);
}

function resultWords(decision: Decision, campaigns: readonly CampaignTrace[]): string {
  if (decision.kind === 'no_rule') return '没有活动适用，这个码没有被用掉。';
  const campaign = campaigns.find(({ campaignId }) => campaignId === decision.campaignId);
  const name = campaign?.name ?? String(decision.campaignId);
  if (decision.kind === 'refused') {
    const why = campaign ? REFUSAL_WORDS[decision.reason](decision, campaign) : '';
    return `活动「${name}」这次没有发奖：${why}这个码没有被用掉，可以再扫。`;
  }
  const { prize, amountFen } = decision;
  if (prize.kind === 'nothing') return `活动「${name}」开奖为「${prize.name}」，没有奖金，这个码已用掉。`;
  const money = amountFen > 0 ? `，${yuan(amountFen)}` : '';
  const later = prize.kind === 'locked' ? `，要在 ${prize.opensWithinDays} 天内再扫一瓶才打开` : '';
  return `活动「${name}」中了「${prize.name}」${money}${later}，这个码已用掉。`;
}

function yuan(amountFen: number): string {
  return `${formatYuan(fen(amountFen))} 元`;
}

function percent(odds: number): string {
  return `${odds / (ODDS_TOTAL / 100)}%`;
}
