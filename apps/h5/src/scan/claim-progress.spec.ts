import type { ClaimStep, Refusal } from '../shell/wire';
import { claimProgress } from './claim-progress';
import { holdWords } from './hold-words';

const gate = (...steps: ClaimStep[]): Refusal => ({
  ...{ reason: 'gate_open', message: '', campaignId: 1 },
  cure: { action: steps.find(({ done }) => !done)?.action ?? 'phone', steps },
});

it('counts the prize itself as the last step, and what is done as done wherever it stands', () => {
  expect(claimProgress(gate({ action: 'phone', done: false }))).toEqual({
    at: 1,
    steps: [
      { name: '绑定手机号', state: 'now' },
      { name: '打开奖励', state: 'later' },
    ],
  });
  const third = claimProgress(
    gate({ action: 'share', done: false }, { action: 'follow', done: true }, { action: 'phone', done: false }),
  );
  expect([third?.at, third?.steps.map(({ state }) => state)]).toEqual([1, ['now', 'done', 'later', 'later']]);
  const last = claimProgress(gate({ action: 'follow', done: true }, { action: 'phone', done: false }));
  expect([last?.at, last?.steps.length]).toEqual([2, 3]);
});

it('has nothing to count where nothing is to be done', () => {
  expect(claimProgress({ reason: 'paused', message: '', campaignId: 1, cure: { action: 'wait' } })).toBeNull();
  // Kept from before answers had steps.
  expect(claimProgress({ reason: 'gate_open', message: '', campaignId: 1, cure: { action: 'phone' } })).toBeNull();
});

it('tells the hold by the second and promises nothing after it', () => {
  expect(holdWords(30 * 60_000)).toBe('为您留着，还剩 30 分 00 秒');
  expect(holdWords(61_000)).toBe('为您留着，还剩 1 分 01 秒');
  expect(holdWords(0)).toBe('保留时间到了，没被别人领走就还能领');
});
