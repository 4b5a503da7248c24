// Recorded wire answers, one set per visual state: what the server says in each situation, word for word.

const CODE = 'A7K2M9QX4TB3WZ8DR';
export const path = `/${CODE}`;
const code = 'A-7K2M-9QX4-TB3W-Z8DR';
const year = new Date().getUTCFullYear();

export const boot = {
  profile: 'rehearsal',
  appId: 'wx0123456789abcdef',
  wechatJsUrl: 'https://wechat.invalid/jweixin.js',
  brand: { name: '青禾' },
};

export const product = (line = '白桃', lot = true) => ({
  name: `青禾${line}气泡茶`,
  spec: '500 ml',
  imageUrl: null,
  line,
  batchName: `${year} 夏 ${line}一期`,
  lot: lot
    ? { lotNo: 'HF-0612-A2', producedOn: `${year}-06-12`, expiresOn: `${year + 1}-06-11`, plant: '合肥工厂' }
    : null,
});

export const reward = (extra = {}) => ({
  awardId: 'W8N4',
  kind: 'cash',
  prizeName: '现金红包',
  amountFen: 188,
  campaignName: '青禾夏日 · 开盖有礼',
  state: 'ready',
  stateText: '待领取',
  ...extra,
});

export const award = (state, stateText, extra = {}) => ({
  ...reward({ state, stateText }),
  wonAt: `${year}-11-03T11:42:10Z`,
  hint: null,
  confirm: state === 'confirm' ? { mchId: '1900000109', appId: boot.appId, package: 'affffddafdfafddffda==' } : null,
  expiresAt: state === 'confirm' ? `${year}-11-04T11:42:10Z` : null,
  ...extra,
});

const answer = (verdict, extra = {}) => ({
  scanId: 'recorded',
  code,
  verdict,
  repeat: null,
  product: product(),
  reward: null,
  refusal: null,
  scannedAt: `${year}-11-03T11:42:10Z`,
  ...extra,
});

const refused = (reason, message, cure) => answer('first', { refusal: { reason, message, cure } });

export const scans = {
  firstPeach: answer('first', { reward: reward() }),
  firstLime: answer('first', { reward: reward({ amountFen: 8888 }), product: product('青柠') }),
  firstOolong: answer('first', { reward: reward({ amountFen: 88800 }), product: product('乌龙', false) }),
  nothing: answer('first', {
    reward: reward({ kind: 'nothing', prizeName: '谢谢参与', amountFen: null, state: 'none', stateText: '谢谢参与' }),
    product: product('青柠'),
  }),
  mine: answer('repeat', {
    repeat: { mine: true, firstAt: `${year}-11-03T11:42:10Z`, city: '合肥市', times: 2 },
    reward: reward(),
  }),
  mineSettled: answer('repeat', {
    repeat: { mine: true, firstAt: `${year}-11-03T11:42:10Z`, city: '合肥市', times: 2 },
    reward: reward({ state: 'settled', stateText: '已到账' }),
  }),
  mineNothing: answer('repeat', {
    repeat: { mine: true, firstAt: `${year}-11-03T11:42:10Z`, city: '合肥市', times: 2 },
    reward: reward({ kind: 'nothing', prizeName: '谢谢参与', amountFen: null, state: 'none', stateText: '谢谢参与' }),
  }),
  others: answer('repeat', {
    repeat: { mine: false, firstAt: `${year}-11-03T11:42:10Z`, city: '合肥市', times: 3 },
    product: product('乌龙'),
  }),
  notActive: answer('not_active', {
    product: product('青柠', false),
    refusal: {
      reason: 'not_active',
      message: '这瓶还没登记上市，我们已收到提醒；奖励不会丢，稍后再扫。',
      cure: { action: 'wait' },
    },
  }),
  frozen: answer('frozen'),
  void: answer('void', { product: product('乌龙') }),
  expired: answer('expired', { product: product('青柠') }),
  unknown: answer('unknown', { product: null }),
  placeNeeded: refused('place_needed', '这次的奖按地区发，知道您在哪个城市才能领本地的奖。只用来判断地区。', {
    action: 'location',
    nationwide: true,
  }),
  capReached: refused('cap_reached', '您今天已经领了 10 次奖。这一瓶还没有用掉，留好瓶盖，明天再扫。', {
    action: 'wait',
    at: `${year}-11-03T16:00:00Z`,
  }),
  notStarted: refused('not_started', '「开盖有礼」11 月 8 日 10:00 开始，这一瓶到时候可以领。', {
    action: 'wait',
    at: `${year}-11-08T02:00:00Z`,
  }),
  paused: refused('paused', '活动临时暂停，这一瓶的机会还在，恢复后再扫就能领。', { action: 'wait' }),
  budgetShort: refused('budget_short', '这一轮奖金已经发完，正在补充。这一瓶的机会还在。', { action: 'wait' }),
  held: refused('held', '这个码刚才有另一位用户在领，先为他保留 30 分钟。', {
    action: 'wait',
    at: `${year}-11-03T12:12:00Z`,
  }),
  noRule: refused('no_rule', '「开盖有礼」已经结束，或者不在这一瓶的范围里。以前中的奖都在钱包里。', {
    action: 'none',
  }),
};

export const wallet = {
  items: [
    award('ready', '待领取', { awardId: 'W1' }),
    award('confirm', '待确认收款', { awardId: 'W2', amountFen: 520, wonAt: `${year}-10-28T12:03:00Z` }),
    award('settled', '已到账', { awardId: 'W3', amountFen: 88, wonAt: `${year}-10-21T13:45:00Z` }),
    award('expired', '可再领一次', { awardId: 'W4', amountFen: 166, wonAt: `${year}-10-12T11:20:00Z` }),
    award('processing', '到账中', { awardId: 'W5', amountFen: 1888, wonAt: `${year}-09-30T10:08:00Z` }),
    award('none', '谢谢参与', {
      awardId: 'W6',
      kind: 'nothing',
      prizeName: '谢谢参与',
      amountFen: null,
      wonAt: `${year}-09-18T12:31:00Z`,
    }),
    award('settled', '已到账', { awardId: 'W7', amountFen: 100, wonAt: `${year - 1}-08-02T12:31:00Z` }),
  ],
  nextCursor: null,
};

export const me = (tier) => ({
  nickname: tier === null ? null : '林小禾',
  tier,
  spendFen: 128400,
  scans: 214,
  wins: 163,
  receivedFen: 23116,
  lastCity: tier === null ? null : '合肥市',
});
