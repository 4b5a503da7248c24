import type { Schemas } from '../api';
import { VERDICTS } from '../scans/scan-words';
import { yuan } from '../words';

type Entry = Schemas['TimelineEntryDto'];
type Tone = 'good' | 'wait' | 'bad' | 'info' | 'none';

/** In the order of the numbers that stand in `data.verdict`. */
const BY_NUMBER = ['unknown', 'not_active', 'first', 'repeat', 'frozen', 'void', 'expired', 'recalled'] as const;
const ABOUT: Readonly<Record<string, string>> = {
  ...{ prize: '奖品', money: '到账', product: '产品', code: '扫码', other: '其他' },
};
const CONSENTS: Readonly<Record<string, string>> = {
  phone: '手机号',
  place: '精确位置',
  reminder: '提醒',
  notice: '提醒',
};

const TIERS: Readonly<Record<string, string>> = { regular: '现在是普卡', gold: '现在是金卡', platinum: '现在是白金卡' };

/** What a line of the timeline says. */
export function entryWords({ kind, amountFen, data }: Entry): { tone: Tone; title: string; note: string | null } {
  const fields = (data ?? {}) as Readonly<Record<string, string | number | null>>;
  const verdict = VERDICTS[BY_NUMBER[Number(fields['verdict'])] ?? 'unknown'];
  switch (kind) {
    case 'consume':
      return amountFen > 0
        ? { tone: 'good', title: `开了一瓶，中了 ${yuan(amountFen)} 元`, note: null }
        : { tone: 'none', title: '开了一瓶', note: null };
    case 'scan':
      return { tone: verdict[0], title: `扫码：${verdict[1]}`, note: null };
    case 'received':
      return { tone: 'good', title: `到账 ${yuan(amountFen)} 元`, note: null };
    case 'returned':
      return { tone: 'none', title: `退回 ${yuan(Math.abs(amountFen))} 元`, note: null };
    case 'tagged':
      return { tone: 'info', title: `加了标签「${fields['tag']}」`, note: null };
    case 'consent':
      return {
        tone: 'info',
        title: `${fields['act'] === 'ended' ? '撤回同意' : '同意'}：${CONSENTS[String(fields['consent'])] ?? fields['consent']}`,
        note: `文本 ${fields['text']}`,
      };
    case 'complaint':
      return { tone: 'wait', title: `写来一条${ABOUT[String(fields['about'])] ?? ''}反馈`, note: null };
    case 'tier':
      return { tone: 'info', title: '会员等级变化', note: TIERS[String(fields['to'])] ?? null };
    case 'erased':
      return { tone: 'none', title: '本人注销了会员', note: '能认出是谁的资料都删除了' };
    case 'merged':
      return { tone: 'info', title: '与另一个账号合并', note: null };
    default:
      return { tone: 'none', title: amountFen > 0 ? `${kind} ${yuan(amountFen)} 元` : kind, note: null };
  }
}
