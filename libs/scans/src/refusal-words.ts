import type { Cure, RefusalReason } from '@app/campaigns';
import { shanghaiWords } from '@app/kernel';
import type { ScanAnswer, ScanRefusalReason } from './scan-outcome';

type Refusal = NonNullable<ScanAnswer['refusal']>;

/** Refusals that no campaign made: what cures them is known without one. */
const PLAIN: Record<Exclude<ScanRefusalReason, RefusalReason>, Refusal> = {
  not_active: {
    reason: 'not_active',
    message: '这瓶还没登记上市，我们已收到提醒；奖励不会丢，稍后再扫',
    cure: { action: 'wait' },
  },
  no_rule: { reason: 'no_rule', message: '这瓶现在没有可参加的活动', cure: { action: 'none' } },
  held: { reason: 'held', message: '这个码正有人在领取，半小时后可以再试', cure: { action: 'wait' } },
};

export function plainRefusal(reason: keyof typeof PLAIN): Refusal {
  return PLAIN[reason];
}

/** What a member reads when a campaign could not give a prize just now, and what would change that. */
export function campaignRefusal(reason: RefusalReason, cure: Cure): Refusal {
  return {
    reason,
    message: WORDS[reason](cure),
    cure: {
      action: cure.action,
      ...(cure.at ? { at: cure.at.toISOString() } : {}),
      ...(cure.nationwide === undefined ? {} : { nationwide: cure.nationwide }),
    },
  };
}

const WORDS: Record<RefusalReason, (cure: Cure) => string> = {
  cap_reached: ({ cap }) =>
    cap?.per === 'month'
      ? `本月已领 ${cap.count} 次，下个月再来扫这瓶，奖励还在`
      : `今天已领 ${cap?.count ?? ''} 次，明天再来扫这瓶，奖励还在`,
  place_needed: () => '这份奖励只在部分地区发放，需要确认您所在的城市',
  not_started: ({ at }) => (at ? `活动 ${shanghaiWords(at)} 开始，到时再扫这瓶` : '活动还没开始，到时再扫这瓶'),
  paused: () => '活动暂停中，恢复后再扫这瓶，奖励不会丢',
  gate_open: () => '还差一步才能领取',
  budget_short: () => '这一轮的奖金正在补充，稍后再扫这瓶，奖励不会丢',
};
