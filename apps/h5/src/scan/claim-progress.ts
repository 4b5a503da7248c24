import type { ClaimStep, Refusal } from '../shell/wire';

export interface ShownStep {
  name: string;
  state: 'done' | 'now' | 'later';
}

const NAMES: Record<ClaimStep['action'], string> = { phone: '绑定手机号', follow: '关注公众号', share: '分享活动' };

/** The way to a prize that waits for tasks, the prize being the last step; null for a refusal that waits for none. */
export function claimProgress({ reason, cure }: Refusal): { steps: ShownStep[]; at: number } | null {
  const tasks = cure?.steps ?? [];
  if (reason !== 'gate_open' || tasks.length === 0) return null;
  const open = tasks.findIndex(({ done }) => !done);
  const at = open === -1 ? tasks.length : open;
  const names = [...tasks.map(({ action }) => NAMES[action]), '打开奖励'];
  const steps = names.map((name, index): ShownStep => {
    if (tasks[index]?.done === true) return { name, state: 'done' };
    return { name, state: index === at ? 'now' : 'later' };
  });
  return { steps, at: at + 1 };
}
