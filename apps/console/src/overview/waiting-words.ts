import type { Schemas } from '../api';

type Kind = Schemas['WaitingDto']['kind'];

interface Work {
  readonly words: (count: string) => string;
  /** The page where it is done. */
  readonly to: string;
  readonly urgent: boolean;
}

/** What waits, in words, and where it is done. */
export const WORK: Readonly<Record<Kind, Work>> = {
  campaigns: { words: (count) => `${count} 个活动等审批`, to: '/approvals', urgent: false },
  grants: { words: (count) => `${count} 笔预算拨款等审批`, to: '/approvals', urgent: false },
  corrections: { words: (count) => `${count} 笔账务更正等审批`, to: '/approvals', urgent: false },
  writeOffs: { words: (count) => `${count} 张核销单等第二人签字`, to: '/write-offs', urgent: false },
  decisions: { words: (count) => `${count} 笔付款处置等第二人决定`, to: '/approvals', urgent: true },
  moneyCases: { words: (count) => `${count} 件资金异常没有结案`, to: '/money-cases', urgent: true },
  channels: { words: (count) => `${count} 条付款通道停着，可能是余额不足`, to: '/finance', urgent: true },
  deadJobs: { words: (count) => `${count} 个后台任务多次失败`, to: '/dead-jobs', urgent: true },
  packs: { words: (count) => `${count} 个码包等审批`, to: '/approvals', urgent: false },
  roles: { words: (count) => `${count} 份角色申请等审批`, to: '/approvals', urgent: false },
  complaints: { words: (count) => `${count} 件投诉还没回复`, to: '/complaints', urgent: true },
  alarms: { words: (count) => `${count} 段没启用的码在几个城市被扫到`, to: '/code-alarms', urgent: true },
  coupons: { words: (count) => `${count} 个券码池快发完了`, to: '/coupon-pools', urgent: false },
  batches: { words: (count) => `${count} 个码批次印好一周还没启用`, to: '/batches', urgent: false },
};

const HOUR_MS = 3_600_000;

/** `等了 3 天`; empty where nobody knows. */
export function sinceWords(since: string | null, now: Date): string {
  if (since === null) return '';
  const hours = (now.getTime() - Date.parse(since)) / HOUR_MS;
  if (hours < 1) return '刚刚';
  return hours < 24 ? `等了 ${Math.floor(hours)} 小时` : `等了 ${Math.floor(hours / 24)} 天`;
}
