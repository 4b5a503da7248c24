import { fen } from '@app/kernel';
import { PAYOUT_CHANNELS, PAYOUT_STATES, type PayoutState, type PayoutView } from '@app/payouts';
import { awardStanding, gathering, type Money } from '../award-state';
import { moneyStanding, type MoneyState } from './money-words';

const view = (change: Partial<PayoutView>): PayoutView => ({
  ...{ payoutKey: '1:0:1:0', state: 'PENDING', channel: 'transfer_confirm_v3', amountFen: fen(105), offerNo: 1 },
  ...{ confirm: null, billExpiresAt: null, failReason: null, settledAt: null, frozen: false },
  ...change,
});
const now = new Date('2026-11-22T04:00:00Z');

/** What the page shows a button for. */
const TAPPED: readonly MoneyState[] = ['ready', 'confirm', 'expired', 'failed'];
const EVERY = PAYOUT_CHANNELS.flatMap((channel) => PAYOUT_STATES.map((state) => ({ channel, state })));

describe('where the money is', () => {
  it.each(EVERY)('$channel $state has a badge and one sentence without jargon', (which) => {
    const { stateText, hint } = moneyStanding(view(which));
    expect(stateText).toMatch(/^[一-龥]{2,4}$/);
    expect(hint.length).toBeGreaterThan(6);
    expect(hint.length).toBeLessThan(50);
    expect(`${stateText}${hint}`).not.toMatch(/[A-Z_]{2,}|系统|异常|！|undefined|null/);
  });

  it.each(EVERY)('$channel $state says 已到账 exactly when it is settled', (which) => {
    const { state, stateText } = moneyStanding(view(which));
    expect(state === 'settled').toBe(which.state === 'SETTLED');
    expect(stateText === '已到账').toBe(which.state === 'SETTLED');
  });

  it.each(EVERY)('$channel $state asks for a tap exactly where a tap does something', (which) => {
    const { state, hint } = moneyStanding(view(which));
    const taps: readonly PayoutState[] =
      which.channel === 'transfer_confirm_v3' ? ['WAIT_USER', 'FAILED', 'REFUNDED'] : ['FAILED', 'REFUNDED'];
    expect(TAPPED.includes(state)).toBe(taps.includes(which.state));
    expect(/点「收款」|点一次「收款」/.test(hint)).toBe(taps.includes(which.state));
  });

  it.each(PAYOUT_CHANNELS)('%s: what people must look at first promises no tap', (channel) => {
    for (const state of ['FAILED', 'REFUNDED'] as const) {
      const standing = moneyStanding(view({ channel, state, frozen: true }));
      expect(standing).toMatchObject({ state: 'held', stateText: '核实中' });
      expect(standing.hint).not.toContain('「收款」');
    }
  });

  it('names the minute until which a bill can be confirmed, and when money arrived, in Shanghai time', () => {
    const at = new Date('2026-11-23T01:05:00Z');
    expect(moneyStanding(view({ state: 'WAIT_USER', billExpiresAt: at })).hint).toContain('11 月 23 日 09:05');
    expect(moneyStanding(view({ state: 'SETTLED', settledAt: at })).hint).toContain('11 月 23 日 09:05');
  });

  it.each([
    ['OVERDUE_CLOSE', 'expired', '24 小时'],
    ['MCH_CANCEL', 'expired', '再来一次'],
    ['REFUND', 'expired', '重新发'],
    ['AUTHORISATION_CLOSED', 'expired', '照常领取'],
    ['ACCOUNT_FROZEN', 'failed', '收不了款'],
    ['REAL_NAME_CHECK_FAIL', 'failed', '实名'],
    ['DAY_RECEIVED_QUOTA_EXCEED', 'failed', '明天'],
    ['BLOCK_B2C_USERLIMITAMOUNT_MONTH', 'failed', '下个月'],
    ['TRANSFER_RISK', 'failed', '安全'],
    ['SOMETHING_NEW', 'failed', '钱还为您留着'],
    ['constructor', 'failed', '钱还为您留着'],
    [null, 'failed', '钱还为您留着'],
  ] as const)('after %s says what happened and that the money is kept', (failReason, state, part) => {
    const standing = moneyStanding(view({ state: 'FAILED', failReason }));
    expect(standing.state).toBe(state);
    expect(standing.hint).toContain(part);
    expect(standing.hint).toMatch(/留着|照常领取/);
  });
});

describe('small amounts', () => {
  const cash = (change: Partial<Money>) =>
    awardStanding({ kind: 'cash', payout: null, gathers: null, released: false, ...change }, now);
  const pool = (gatheredFen: number | null) => ({
    untilFen: fen(100),
    gatheredFen: gatheredFen === null ? null : fen(gatheredFen),
    poolId: null,
  });

  it('tell how much is missing, and are there for the tap when it is enough', () => {
    expect(cash({ gathers: pool(65) })).toMatchObject({ state: 'gathering', stateText: '累计中' });
    expect(cash({ gathers: pool(65) }).hint).toBe('已累计 0.65 元，满 1.00 元就能提现，还差 0.35 元');
    expect(cash({ gathers: pool(99) }).hint).toContain('还差 0.01 元');
    expect(cash({ gathers: pool(100) })).toMatchObject({ state: 'ready' });
    expect(cash({ gathers: pool(130) }).hint).toContain('已累计 1.30 元');
    expect(cash({ gathers: pool(null) }).hint).toContain('满 1.00 元就能提现');
    expect(gathering({ untilFen: fen(10), gatheredFen: fen(9) }).hint).toContain('还差 0.01 元');
  });

  it('are told with the pool that pays them', () => {
    const { state, hint } = cash({ gathers: { ...pool(105), poolId: 'p1:2:3:1' }, payout: view({ state: 'SETTLED' }) });
    expect(state).toBe('settled');
    expect(hint).toContain('共 1.05 元');
  });

  it('lapse with the end of claims, like any other money', () => {
    expect(cash({ gathers: pool(65), released: true }).state).toBe('lapsed');
    expect(cash({ released: true, payout: view({ state: 'FAILED' }) }).state).toBe('lapsed');
    expect(cash({})).toMatchObject({ state: 'ready' });
  });
});
