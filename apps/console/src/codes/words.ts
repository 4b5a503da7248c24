import type { Schemas } from '../api';

type Tone = 'good' | 'wait' | 'bad' | 'info' | 'none';
type Batch = Schemas['BatchDto'];
export type SegmentState = Schemas['BatchSegmentDto']['state'];

const STATUSES: Readonly<Record<Batch['status'], readonly [Tone, string]>> = {
  drafted: ['none', '草稿'],
  issued: ['info', '已发码'],
  packed: ['info', '已出码包'],
  active: ['good', '使用中'],
  closed: ['none', '已关闭'],
};
export const BATCH_STATUSES = Object.entries(STATUSES).map(([value, [, text]]) => ({
  value: value as Batch['status'],
  text,
}));

export function batchTone({ status, frozen, frozenCause }: Pick<Batch, 'status' | 'frozen' | 'frozenCause'>): {
  tone: Tone;
  text: string;
} {
  if (frozen) return { tone: 'bad', text: frozenCause === 'recall' ? '整批召回' : '整批冻结' };
  const [tone, text] = STATUSES[status];
  return { tone, text };
}

export const SEGMENT_WORDS: Readonly<Record<SegmentState, string>> = {
  inactive: '未启用',
  active: '已启用',
  frozen: '已冻结',
  void: '已作废',
};

/** What a stretch of codes is to staff: a recall is a freeze, or a void, that drinkers are warned of. */
export function segmentWords({ state, cause }: Pick<Schemas['BatchSegmentDto'], 'state' | 'cause'>): string {
  return cause === 'recall' ? `召回中（${SEGMENT_WORDS[state]}）` : SEGMENT_WORDS[state];
}

export const PURPOSES = [
  { value: 'prize', text: '消费者抽奖' },
  { value: 'verify', text: '查真伪' },
  { value: 'channel', text: '渠道' },
  { value: 'logistics', text: '物流' },
] as const satisfies readonly { value: Schemas['BatchLayerDto']['purpose']; text: string }[];

export const purposeWords = (purpose: Schemas['BatchLayerDto']['purpose']): string =>
  PURPOSES.find(({ value }) => value === purpose)!.text;

export const PACK_WORDS: Readonly<Record<Schemas['CodePackDto']['state'], readonly [Tone, string]>> = {
  requested: ['wait', '待同意'],
  approved: ['good', '可下载'],
  refused: ['bad', '未同意'],
  withdrawn: ['none', '已撤回'],
};
