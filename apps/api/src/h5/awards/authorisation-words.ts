import type { AuthorisationStanding, AuthorisationView } from '@app/payouts';

const SAME = {
  preparing: '正在向微信申请，请稍等',
  ending: '正在关闭，之后每笔奖励会先请你确认',
  unavailable: '微信暂时不能开通，奖励仍可点收款领取',
} as const;

/** Where one merchant account pays everything, and where the agreement holds for a part only: nobody is promised more. */
const HINTS: Readonly<Record<AuthorisationView['reach'], Readonly<Record<AuthorisationStanding, string>>>> = {
  all: {
    ...SAME,
    off: '同意一次，往后中奖直接存入微信零钱，不用每次点收款，随时可关',
    confirm: '请在微信的页面里同意，之后奖励自动到零钱',
    on: '已开通：奖励自动存入微信零钱，随时可以关闭',
  },
  some: {
    ...SAME,
    off: '同意一次，往后一部分奖励直接存入微信零钱，其余照常点收款，随时可关',
    confirm: '请在微信的页面里同意，之后一部分奖励自动到零钱',
    on: '已开通：一部分奖励自动存入微信零钱，其余照常点收款，随时可以关闭',
  },
};

/** One sentence for the person; null where there is nothing to offer. */
export function authorisationHint({
  state,
  offered,
  reach,
}: Pick<AuthorisationView, 'state' | 'offered' | 'reach'>): string | null {
  return state === 'off' && !offered ? null : HINTS[reach][state];
}
