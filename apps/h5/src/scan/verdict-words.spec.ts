import { awardWords } from '../awards/award-words';
import { noRewardWords, verdictWords } from './verdict-words';
import type { AwardState, Refusal, RefusalReason, Reward, ScanAnswer, Verdict } from '../shell/wire';

const AT = `${new Date().getUTCFullYear()}-11-03T11:42:10Z`;
const REWARD: Reward = {
  awardId: 'W1',
  kind: 'cash',
  prizeName: '现金红包',
  amountFen: 188,
  campaignId: 1,
  campaignName: '开盖有礼',
  dealt: false,
  state: 'ready',
  stateText: '待领取',
  hint: '点一下「收款」，收到微信零钱',
};
const answer = (verdict: Verdict, extra: Partial<ScanAnswer> = {}): ScanAnswer => ({
  scanId: 's',
  code: 'A-7K2M-9QX4-TB3W-Z8DR',
  verdict,
  repeat: null,
  product: null,
  reward: null,
  opened: [],
  refusal: null,
  scannedAt: AT,
  look: null,
  ...extra,
});
const VERDICTS: Verdict[] = ['first', 'repeat', 'not_active', 'frozen', 'void', 'expired', 'recalled', 'unknown'];
const REASONS: RefusalReason[] = [
  'cap_reached',
  'place_needed',
  'not_active',
  'not_started',
  'paused',
  'gate_open',
  'budget_short',
  'no_rule',
  'held',
];
const refusal = (reason: RefusalReason, cure: Refusal['cure'] = null): Refusal => ({
  ...{ reason, message: '原因', campaignId: null, cure },
});

describe('what a verdict says', () => {
  it('has calm words for each: a seal that fits the stamp, no exclamation mark', () => {
    for (const verdict of VERDICTS) {
      const words = verdictWords(answer(verdict));
      expect(words.seal).toMatch(/^[\u4e00-\u9fff]{2,3}$/);
      expect(words.title + words.detail).not.toMatch(/[!！]|异常|错误/);
    }
  });

  it('tells one’s own repeat by its minute, and only promises a reward that is there', () => {
    const mine = { mine: true, firstAt: AT, city: '合肥市', times: 2 };
    expect(verdictWords(answer('repeat', { repeat: mine, reward: REWARD })).detail).toBe(
      '您已于 11 月 3 日 19:42 扫过，奖励在这里。',
    );
    expect(verdictWords(answer('repeat', { repeat: mine })).detail).toBe(
      '您已于 11 月 3 日 19:42 扫过，这一瓶没有中奖。',
    );
  });

  it('tells of other people only minute, city and count, and is not green', () => {
    const others = { mine: false, firstAt: AT, city: null, times: 3 };
    const words = verdictWords(answer('repeat', { repeat: others }));
    expect(words).toMatchObject({ tone: 'amber', detail: '首次查询：11 月 3 日 19:42。算上这次，共 3 次。' });
    expect(verdictWords(answer('repeat', { repeat: { ...others, city: '合肥市' } })).detail).toContain('，合肥市。');
  });

  it('tells who holds a recalled bottle what to do before anything else, and blames no code', () => {
    const words = verdictWords(answer('recalled'));
    expect(words.title).toContain('请先别喝');
    expect(words.detail).toContain('码是真的');
    expect(noRewardWords(answer('recalled'))).toBeNull();
  });

  it('gives each refusal its title and the time that cures it', () => {
    for (const reason of REASONS) {
      const words = noRewardWords(answer('first', { refusal: refusal(reason) }));
      expect(words?.message).toBe('原因');
      expect(words?.title).not.toMatch(/[!！]/);
    }
    const cure = { action: 'wait', at: AT } as const;
    expect(noRewardWords(answer('first', { refusal: refusal('cap_reached', cure) }))?.when).toBe(
      '11 月 3 日 19:42 起再扫这一瓶',
    );
  });

  it('says that a verifying layer does not pay, but not to who won or came too late', () => {
    expect(noRewardWords(answer('first'))?.title).toBe('这个码只验真伪');
    expect(noRewardWords(answer('first', { reward: REWARD }))).toBeNull();
    const others = { mine: false, firstAt: AT, city: null, times: 3 };
    expect(noRewardWords(answer('repeat', { repeat: others }))).toBeNull();
  });
});

describe('where the money is', () => {
  const states: AwardState[] = ['ready', 'preparing', 'confirm', 'processing', 'settled', 'expired', 'failed', 'none'];

  it('offers 收款 exactly while the money waits for the person', () => {
    const offered = states.filter((state) => awardWords({ ...REWARD, state }, 'none', null).button === '收款');
    expect(offered).toEqual(['ready', 'confirm', 'expired', 'failed']);
  });

  it('says 已到账 in no state but settled, whatever the page waits for', () => {
    const told = states.filter((state) => awardWords({ ...REWARD, state }, 'none', null).title === '已到账');
    expect(told).toEqual(['settled']);
    expect(awardWords({ ...REWARD, state: 'confirm' }, 'checking', null).title).toBe('正在查到账');
  });

  it('keeps the button after a refusal inside WeChat', () => {
    expect(awardWords({ ...REWARD, state: 'confirm' }, 'none', 'cancelled')).toMatchObject({
      title: '还没有确认收款',
      button: '收款',
      does: 'receive',
    });
  });
});
