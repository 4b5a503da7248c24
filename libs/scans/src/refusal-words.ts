import type { Cap, Cure, RefusalReason, Refused } from '@app/campaigns';
import { shanghaiWords } from '@app/kernel';
import type { ScanAnswer, ScanRefusalReason } from './scan-outcome';

type Refusal = NonNullable<ScanAnswer['refusal']>;

/** Where the code is kept for nobody: whoever scans it first when the obstacle is gone has the reward. */
const STILL = '没被别人领走就还能领';

/** Refusals that no campaign made: what cures them is known without one. */
const PLAIN: Record<Exclude<ScanRefusalReason, RefusalReason | 'held'>, Refusal> = {
  not_active: {
    ...{ reason: 'not_active', campaignId: null },
    // Nobody can win a bottle before it is on the market, so nothing of it is lost meanwhile.
    message: '这瓶还没登记上市，我们已收到提醒；奖励不会丢，稍后再扫',
    cure: { action: 'wait' },
  },
  no_rule: { reason: 'no_rule', message: '这瓶现在没有可参加的活动', campaignId: null, cure: { action: 'none' } },
};

export function plainRefusal(reason: keyof typeof PLAIN): Refusal {
  return PLAIN[reason];
}

/** Somebody else is about to take the prize. Of them nothing is told but until when the code is theirs. */
export function heldRefusal(until: Date): Refusal {
  const message = '这个码正有人在领取，没领完就会放出来，到时可以再试';
  return { reason: 'held', message, campaignId: null, cure: { action: 'wait', at: until.toISOString() } };
}

/** What a member reads when a campaign could not give a prize just now, and what would change that. `heldUntil`: the code is kept for them. */
export function campaignRefusal(
  { reason, cure, campaignId }: Pick<Refused, 'reason' | 'cure' | 'campaignId'>,
  heldUntil: Date | null,
): Refusal {
  return {
    reason,
    message: WORDS[reason](cure),
    campaignId,
    cure: {
      action: cure.action,
      ...(cure.at ? { at: cure.at.toISOString() } : {}),
      ...(cure.nationwide === undefined ? {} : { nationwide: cure.nationwide }),
      ...(cure.steps === undefined ? {} : { steps: cure.steps }),
      ...(heldUntil === null ? {} : { heldUntil: heldUntil.toISOString() }),
    },
  };
}

/** Only a gate and a missing place keep the code, for `waits.holdMs` (half an hour). */
const GATE_WORDS: Partial<Record<Cure['action'], string>> = {
  phone: '绑定手机号后就能领取，这份奖励为您留半小时',
  follow: '关注公众号后就能领取，这份奖励为您留半小时',
  share: '分享后就能领取，这份奖励为您留半小时',
};

const WORDS: Record<RefusalReason, (cure: Cure) => string> = {
  cap_reached: capWords,
  place_needed: () => '这份奖励只在部分地区发放，需要确认您所在的城市',
  not_started: ({ at }) => (at ? `活动 ${shanghaiWords(at)} 开始，到时再扫这瓶` : '活动还没开始，到时再扫这瓶'),
  paused: () => `活动暂停中，恢复后再扫这瓶，${STILL}`,
  gate_open: ({ action }) => GATE_WORDS[action] ?? '还差一步才能领取',
  budget_short: ({ at }) =>
    at
      ? `这一时段的奖金发完了，${shanghaiWords(at)} 以后再扫这瓶，${STILL}`
      : `这一轮的奖金正在补充，稍后再扫这瓶，${STILL}`,
};

const AGAIN: Record<Cap['window'], [done: string, again: string]> = {
  hour: ['这个小时', '过一小时'],
  day: ['今天', '明天'],
  week: ['本周', '下周'],
  month: ['本月', '下个月'],
  total: ['这次活动', ''],
};

/** A member's own cap is told with its number; of other people's nothing but when to come again. */
function capWords({ cap, at }: Cure): string {
  if (cap?.per === 'member') {
    const [done, again] = AGAIN[cap.window];
    const number = cap.count === null ? '的金额已到上限' : `已领 ${cap.count} 次`;
    return again === '' ? `${done}${number}，到上限了` : `${done}${number}，${again}再来扫这瓶，${STILL}`;
  }
  return at
    ? `这一时段的奖品发完了，${shanghaiWords(at)} 以后再扫这瓶，${STILL}`
    : '这次活动的奖品已经发完；这个码没有用掉，有新活动时可以再扫';
}
