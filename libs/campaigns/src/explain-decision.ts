import { explainLeaf, type NameOf } from '@app/conditions';
import { fen, formatYuan, shanghaiWords } from '@app/kernel';
import { ODDS_TOTAL, type Lane } from './document/campaign-content';
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
  if (answer.kind === 'passed_over' && answer.why === 'out_of_scope')
    return [`${head}：不包含这个商品或码批次，略过。`];
  if (answer.kind === 'passed_over' && answer.why === 'over') return [`${head}：已经结束，略过。`];
  const rules = campaign.rules.map((rule) => ruleWords(rule, withoutLocation, nameOf));
  if (answer.kind === 'passed_over') return [`${head}：`, ...rules, '没有一条规则满足，看下一个活动。'];
  return [
    `${head}：`,
    ...rules,
    ...(caps ? [capWords(caps)] : []),
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

function capWords({ used, limits }: NonNullable<CampaignTrace['caps']>): string {
  const day = limits.memberPerDay === null ? '今天不限' : `今天已中 ${used.countDay}／${limits.memberPerDay} 次`;
  const month =
    limits.memberPerMonth === null ? '本月不限' : `本月已中 ${used.countMonth}／${limits.memberPerMonth} 次`;
  return `领奖次数：${day}，${month}。`;
}

function drawWords({ partPerMillion, drawn, given, budget }: DrawTrace): string[] {
  const words = [
    `开奖：抽到 ${partPerMillion}（0–${ODDS_TOTAL - 1}），落在「${drawn.name}」（概率 ${percent(drawn.odds)}）。`,
  ];
  if (given.viaFallback) words.push(`「${drawn.name}」已经发完，改发「${given.name}」。`);
  else if (drawn.stockLeft !== null) words.push(`「${drawn.name}」还剩 ${drawn.stockLeft} 份。`);
  if (budget) {
    words.push(`预算 ${budget.id} 还有 ${yuan(Math.max(0, budget.leftFen))}，这次要 ${yuan(given.amountFen)}。`);
  }
  return words;
}

const REFUSAL_WORDS: Record<RefusalReason, (refused: Refused, campaign: CampaignTrace) => string> = {
  cap_reached: ({ cure }) =>
    `${cure.cap?.per === 'month' ? '这个月' : '今天'}的次数已满，${cure.at ? `${shanghaiWords(new Date(cure.at))} 以后可以再扫` : '过后可以再扫'}。`,
  place_needed: ({ cure }) => `需要知道所在地才能判断${cure.nationwide ? '；不开启定位也可以改领全国奖' : ''}。`,
  not_started: (_, { from }) => `活动要到 ${shanghaiWords(new Date(from))} 才开始。`,
  paused: () => '活动暂停中，恢复后可以再扫。',
  gate_open: () => '领奖前还有一步没有完成。',
  budget_short: () => '预算不够付这个奖，活动会补足预算；奖不会变成「谢谢参与」。',
};

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
  if (decision.amountFen === 0) return `活动「${name}」开奖为「${decision.prize.name}」，没有奖金，这个码已用掉。`;
  return `活动「${name}」中了「${decision.prize.name}」，${yuan(decision.amountFen)}，这个码已用掉。`;
}

function yuan(amountFen: number): string {
  return `${formatYuan(fen(amountFen))} 元`;
}

function percent(odds: number): string {
  return `${odds / (ODDS_TOTAL / 100)}%`;
}
