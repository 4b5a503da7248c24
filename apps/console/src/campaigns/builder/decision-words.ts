/** What of a decision is shown; the server tells more. */
export interface Decision {
  readonly kind: 'award' | 'refused' | 'no_rule';
  readonly prize?: { readonly name: string; readonly kind: string };
  readonly amountFen?: number;
  readonly viaFallback?: boolean;
  readonly reason?: string;
}

const REFUSALS: Readonly<Record<string, readonly [string, string]>> = {
  cap_reached: ['到上限了', '码没有被用掉，过了这段时间可以再来'],
  place_needed: ['要先知道在哪里', '消费者可以开启定位，或者不开启、领全国奖'],
  not_started: ['活动还没有开始', '码没有被用掉，开始后可以再来'],
  paused: ['活动暂停中', '码没有被用掉，恢复后可以再来'],
  gate_open: ['要先完成领取条件', '码为他保留 30 分钟'],
  budget_short: ['预算不够', '码没有被用掉，补了预算可以再来'],
};

/** A decision in a line, with its money (fen) when there is some. */
export function decisionWords({ kind, prize, amountFen, viaFallback, reason }: Decision): {
  readonly text: string;
  readonly fen: number | null;
  readonly note: string | null;
} {
  if (kind === 'no_rule') return { text: '没有活动管这次扫码', fen: null, note: '码没有被用掉，谁都可以再来' };
  if (kind === 'refused') {
    const [text, note] = REFUSALS[reason ?? ''] ?? ['这次没有发奖', null];
    return { text, fen: null, note };
  }
  const note = viaFallback ? '抽中的奖发完了，给的是保底奖' : null;
  if (prize?.kind === 'nothing') return { text: prize.name, fen: null, note };
  return { text: `中了「${prize?.name ?? '奖品'}」`, fen: amountFen ?? 0, note };
}
