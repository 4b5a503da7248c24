import { ask, until } from './story';

const ANHUI = 340000;
const RULE = 'gold-evening';

interface Content {
  rules: { key: string }[];
  prizes: { key: string }[];
  copy: { ruleText: string };
  legal: { disclosure: string };
  [other: string]: unknown;
}

interface CampaignDetail {
  readonly draft: Content | null;
  readonly draftHash: string | null;
  readonly pending: boolean;
  readonly inForce: { readonly content: Content } | null;
}

export interface Finding {
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  readonly source: string;
}

/** Three hours around now when it is not evening, so that the tour works at any time of day; it says so. */
export function hoursOfTheTour(now: Date): { from: string; to: string; isEvening: boolean } {
  const hour = (now.getUTCHours() + 8) % 24;
  const isEvening = hour >= 19 && hour < 22;
  const start = isEvening ? 19 : Math.min(hour, 21);
  const text = (value: number): string => `${String(value).padStart(2, '0')}:00`;
  return { from: text(start), to: isEvening ? '22:00' : start + 3 >= 24 ? '23:59' : text(start + 3), isEvening };
}

/** 金卡在安徽、这几个小时：1.88 变 3.76. Added before every other rule; said again in the notice. */
export function doubled(content: Content, { from, to }: { from: string; to: string }): Content {
  const rule = {
    key: RULE,
    name: '安徽金卡晚市加倍',
    when: {
      all: [
        { field: 'tier', op: 'in', value: ['gold', 'platinum'] },
        { field: 'region', op: 'within', value: ANHUI },
        { field: 'timeOfDay', op: 'between', value: { from, to } },
      ],
    },
    then: { mode: 'drawn', prizes: [{ key: 'double', odds: 1_000_000 }], fallbackPrizeKey: null },
  };
  const prize = {
    ...{ kind: 'cash', key: 'double', name: '金卡双倍红包', stock: null },
    amount: { type: 'fixed', fen: 376 },
  };
  const words = `金卡会员每天 ${from}–${to} 在安徽扫码得 3.76 元（双倍）。`;
  const plain = content.legal.disclosure.replace(/金卡会员每天.*?（双倍）。/, '');
  return {
    ...content,
    rules: [rule, ...content.rules.filter(({ key }) => key !== RULE)],
    prizes: [...content.prizes.filter(({ key }) => key !== 'double'), prize],
    legal: { ...content.legal, disclosure: plain + words },
  };
}

export async function contentOf(campaignId: number): Promise<{ content: Content; base: string | null }> {
  const detail = await ask<CampaignDetail>('GET', `/v1/console/campaigns/${campaignId}`);
  const content = detail.inForce?.content ?? detail.draft;
  if (!content) throw new Error('没有找到导览用的活动');
  // Somebody stopped between asking and approving: what waits is taken back first.
  if (detail.pending) await ask('POST', `/v1/console/campaigns/${campaignId}/withdraw`, { reason: '导览重来' });
  return { content, base: detail.draftHash };
}

export interface Replayed {
  readonly scans: number;
  readonly realFen: number;
  readonly replayedFen: number;
  readonly gainedScans: number;
}

/** The last week played again with the draft. */
export async function replayed(campaignId: number, says: (line: string) => void): Promise<Replayed> {
  const base = `/v1/console/campaigns/${campaignId}/replays`;
  const { id } = await ask<{ id: number }>('POST', base, { days: 7, together: true });
  const done = await until(
    '回放没有在两分钟内完成',
    120,
    async () => {
      const now = await ask<ReplayNow>('GET', `${base}/${id}`);
      if (now.state === 'running') says(`回放中：${now.progress.scans.toLocaleString('zh-CN')} 次扫码`);
      return now;
    },
    ({ state }) => state === 'done' || state === 'failed' || state === 'cancelled',
  );
  if (done.result === null) throw new Error(done.failure ?? '回放没有完成');
  const { scans, real, replayed: would, winners } = done.result;
  return { scans, realFen: real.fen, replayedFen: would.fen, gainedScans: winners.gainedScans };
}

interface ReplayNow {
  readonly state: string;
  readonly failure: string | null;
  readonly progress: { readonly scans: number };
  readonly result: {
    readonly scans: number;
    readonly real: { readonly fen: number };
    readonly replayed: { readonly fen: number };
    readonly winners: { readonly gainedScans: number };
  } | null;
}
