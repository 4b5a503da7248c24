import { COPY_LINES, type CampaignContent, type Rule } from '../campaign-content';
import { isEverybody } from '../condition-shape';
import { error, info, warning, type Finding } from '../finding';
import { isLimited, keysOf, prizeOf } from '../prize-worth';
import { HOUSE, LAW } from '../sources';
import { capWords } from './lint-caps';

/** One step of the proof that every scan that counts wins something. `path` is where it breaks. */
export interface ProofStep {
  readonly step: 'everybody' | 'tables' | 'stock' | 'total_caps' | 'window_caps' | 'place';
  /** `waits`: nobody gets nothing, but some have to come back later. */
  readonly result: 'holds' | 'waits' | 'broken';
  readonly path: string;
  readonly words: string;
}

/**
 * 必中 as a proof in six steps; it holds when none is broken. Budget and the numbers of codes are not in the document: whether the money
 * is there is the seventh step, made by `lintInSurroundings`.
 */
export function provePromise(content: CampaignContent): ProofStep[] {
  return [everybody(content), tables(content), stock(content), totalCaps(content), windowCaps(content), place(content)];
}

const holds = (step: ProofStep['step'], words: string): ProofStep => ({ step, result: 'holds', path: '', words });
const broken = (step: ProofStep['step'], path: string, words: string): ProofStep => ({
  ...{ step, result: 'broken', path, words },
});

/** 保底: whoever the earlier rules turn away, unknown facts included, meets a rule without conditions. */
function catchAll({ rules }: CampaignContent): Rule | undefined {
  return rules.find(({ when, then }) => then.mode === 'drawn' && isEverybody(when));
}

function everybody(content: CampaignContent): ProofStep {
  const rule = catchAll(content);
  if (rule) return holds('everybody', `前面的规则都不满足的人，由「${rule.name}」兜底`);
  const words = '没有保底规则：条件都不满足（或不知道）的人什么也得不到。请在最后加一条对所有人成立的规则';
  return broken('everybody', 'rules', words);
}

function tables(content: CampaignContent): ProofStep {
  for (const [index, { name, then }] of content.rules.entries()) {
    const row = then.prizes.findIndex(({ key }) => prizeOf(content, key)?.kind === 'nothing');
    if (row >= 0) {
      const words = `规则「${name}」的奖项里有「谢谢参与」`;
      return broken('tables', `rules[${index}].then.prizes[${row}]`, words);
    }
    if (then.mode === 'drawn' && prizeOf(content, then.fallbackPrizeKey)?.kind === 'nothing') {
      const words = `规则「${name}」的奖品发完后改发「谢谢参与」`;
      return broken('tables', `rules[${index}].then.fallbackPrizeKey`, words);
    }
  }
  return holds('tables', '每张奖项表的每一行都是奖品');
}

function stock(content: CampaignContent): ProofStep {
  for (const [index, { then, name }] of content.rules.entries()) {
    const limited = keysOf(then)
      .map((key) => prizeOf(content, key))
      .find((prize) => prize && isLimited(prize));
    const fallback = then.mode === 'drawn' ? prizeOf(content, then.fallbackPrizeKey) : undefined;
    if (!limited || (fallback && !isLimited(fallback))) continue;
    const words =
      then.mode === 'dealt'
        ? `规则「${name}」预埋了「${limited.name}」，券池发完后没有替代`
        : `「${limited.name}」发完后，规则「${name}」没有不限量的替代奖品`;
    return broken('stock', `rules[${index}].then`, words);
  }
  return holds('stock', '会发完的奖品都有不限量的替代奖品');
}

function totalCaps({ caps, burst }: CampaignContent): ProofStep {
  const index = caps.findIndex(({ window, per }) => window === 'total' && per !== 'code');
  const cap = caps[index];
  if (cap) {
    const words = `「${capWords(cap)}」的上限用完后不会恢复，再扫的人什么也得不到；请改成按天、周或月`;
    return broken('total_caps', `caps[${index}]`, words);
  }
  if (burst) return broken('total_caps', 'burst', '区域加码到了总量就停，不能承诺必中；请让同范围的基础活动来承诺');
  return holds('total_caps', '没有用完就不再恢复的上限');
}

function windowCaps({ caps }: CampaignContent): ProofStep {
  const windows = caps.filter(({ window, per }) => window !== 'total' && per !== 'code');
  if (windows.length === 0) return holds('window_caps', '没有按时间的上限');
  const words = `到了「${windows.map((cap) => capWords(cap)).join('」「')}」的上限，码不作废，过后再扫照样有奖；公示会写明`;
  return { step: 'window_caps', result: 'waits', path: 'caps', words };
}

/** A member without a location goes on to the rules that need none; only the catch-all is sure to be among them. */
function place(content: CampaignContent): ProofStep {
  const words = '不开启定位的人会跳过地区规则';
  return catchAll(content)
    ? holds('place', `${words}，由全国保底接住`)
    : broken('place', 'rules', `${words}，却没有全国保底`);
}

const PROMISE_WORDS = /必中|百分百中奖|百分之百中奖|100\s*%\s*中奖|人人中奖|人人有奖|扫码就中/;

/** A promised 必中 has to be proved; words that promise it without the promise are a warning. */
export function lintPromise(content: CampaignContent): Finding[] {
  if (!content.alwaysWins) return undeclared(content);
  const steps = provePromise(content).filter(({ step }) => step !== 'place' || catchAll(content));
  return steps.flatMap(({ result, step, path, words }): Finding[] => {
    if (result === 'broken') return [error(path, `promise_${step}`, `承诺了必中，但${words}`, LAW.pretended)];
    return result === 'waits' ? [info(path, `promise_${step}`, `必中：${words}`, HOUSE.promise)] : [];
  });
}

function undeclared({ copy, name }: CampaignContent): Finding[] {
  const texts = [
    ['name', name],
    ['copy.title', copy.title],
    ['copy.ruleText', copy.ruleText],
    ...COPY_LINES.map((key) => [`copy.${key}`, copy[key] ?? ''] as const),
  ] as const;
  const found = texts.find(([, text]) => PROMISE_WORDS.test(text));
  if (!found) return [];
  const message = '文案像是在说人人都中，但活动没有声明「必中」，没有人替你证明；请打开必中，或改文案';
  return [warning(found[0], 'promise_undeclared', message, LAW.truthful)];
}
