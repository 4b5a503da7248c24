import { createHash } from 'node:crypto';

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
    ? {
        ...{ lotNo: 'HF-0612-A2', producedOn: `${year}-06-12`, expiresOn: `${year + 1}-06-11`, plant: '合肥工厂' },
        stages: [],
      }
    : null,
});

/** A product whose lot tells where it has been. */
const traced = (line) => {
  const { lot, ...rest } = product(line);
  const stages = [
    { name: '采茶', at: `${year}-05-19`, place: '安徽 黄山 徽州区', detail: '高山绿茶，一芽二叶' },
    { name: '萃取', at: `${year}-06-10`, place: '合肥工厂', detail: '85 ℃ 热泡，6 小时内冷却' },
    { name: '灌装', at: `${year}-06-12`, place: '合肥工厂 A1 线', detail: '无菌灌装，充气后封盖' },
    { name: '质检', at: `${year}-06-14`, place: '合肥工厂 实验室', detail: '微生物、糖度、气压，三项合格' },
    { name: '出库', at: `${year}-06-17`, place: '合肥工厂 成品仓', detail: null },
  ];
  return { ...rest, lot: { ...lot, stages } };
};

const HINTS = {
  ready: '点一下「收款」，收到微信零钱',
  preparing: '正在请微信备好这笔钱，几秒就好',
  confirm: '请在 11 月 4 日 19:42 前点「收款」确认',
  processing: '正在等微信的消息，稍后回来看，钱不会少',
  settled: '11 月 3 日 19:43 已存入微信零钱',
  expired: '上次超过 24 小时没有确认，钱还为您留着，点「收款」再来一次',
  failed: '微信没能完成这笔转账，钱还为您留着，可以再点一次「收款」',
  none: '这次没中，下一瓶再试试',
};

export const reward = (extra = {}) => ({
  awardId: 'W8N4',
  kind: 'cash',
  prizeName: '现金红包',
  amountFen: 188,
  campaignId: 3,
  campaignName: '青禾夏日 · 开盖有礼',
  dealt: false,
  state: 'ready',
  stateText: '待领取',
  hint: HINTS[extra.state ?? 'ready'],
  ...extra,
});

const words = { invite: null, win: null, thanks: null, notice: null };
/** Looks of campaigns: the second theme; a colour, pictures and words of the campaign's own. */
export const looks = {
  leaf: { theme: 'leaf', accent: null, heroUrl: null, logoUrl: null, words },
  own: {
    theme: 'cinnabar',
    accent: {
      light: {
        base: '#5b4ab0',
        deep: '#433782',
        night: '#332963',
        bright: '#6a5ab7',
        wash: '#ece8ef',
        text: '#5b4ab0',
      },
      dark: { base: '#5e4db1', deep: '#463983', night: '#352b63', bright: '#6c5db8', wash: '#232136', text: '#a39ad2' },
    },
    heroUrl: '/pictures/hero',
    logoUrl: '/pictures/logo',
    words: {
      invite: '夏夜第一口，有奖',
      win: '好运到，中了',
      thanks: '下一瓶，也许就是它。',
      notice: '限安徽省内扫码，活动到 8 月 31 日，奖品发完为止',
    },
  },
};

export const award = (state, stateText, extra = {}) => ({
  ...reward({ state, stateText }),
  wonAt: `${year}-11-03T11:42:10Z`,
  hint: HINTS[state],
  confirm: state === 'confirm' ? { mchId: '1900000109', appId: boot.appId, package: 'affffddafdfafddffda==' } : null,
  expiresAt: state === 'confirm' ? `${year}-11-04T11:42:10Z` : null,
  pool: null,
  coupon: null,
  goods: null,
  redeem: null,
  locked: null,
  look: null,
  ...extra,
});

const until = `${year}-11-10T16:00:00Z`;
const noMoney = (kind, prizeName, state, stateText, hint, part = {}) =>
  award(state, stateText, { kind, prizeName, amountFen: null, hint, ...part });

/** Prizes that are not cash, as the award itself tells of them. */
export const prizes = {
  coupon: noMoney('coupon', '满 30 减 5 元券', 'usable', '可使用', '请在 11 月 10 日前使用，含当天', {
    coupon: { code: '7K2M9QX4TB3W', validUntil: until },
  }),
  partnerCoupon: noMoney('coupon', '视频会员 7 天体验卡', 'usable', '可使用', '请在 11 月 10 日前使用，含当天', {
    coupon: { code: 'VIP7-8f3a-2b9c-QINGHE-2026-0001-WXYZ', validUntil: until },
  }),
  couponLapsed: noMoney('coupon', '满 30 减 5 元券', 'lapsed', '已过期', '有效期到 11 月 10 日，已经过了', {
    coupon: { code: '7K2M9QX4TB3W', validUntil: until },
  }),
  redeem: noMoney('redeem', '再来一瓶', 'redeem', '待兑付', '到店免费领，给店员看兑换码，11 月 10 日前有效，含当天', {
    redeem: { token: 'R1-7-0-5G-0-7K2M9QX4TB3WZ8DR', productName: '青禾白桃气泡茶', coPayFen: 0, validUntil: until },
  }),
  coPay: noMoney(
    'redeem',
    '加 1 元换一瓶',
    'redeem',
    '待兑付',
    '到店补 1.00 元，给店员看兑换码，11 月 10 日前有效，含当天',
    {
      redeem: {
        token: 'R1-7-0-5G-0-7K2M9QX4TB3WZ8DR',
        productName: '青禾乌龙气泡茶',
        coPayFen: 100,
        validUntil: until,
      },
    },
  ),
  goods: noMoney('goods', '青禾夏日随行保温杯', 'address', '待填地址', '填好收货地址，我们给您寄去', {
    goods: { addressState: 'missing', maskedAddress: null, parcel: null },
  }),
  goodsGiven: noMoney('goods', '青禾夏日随行保温杯', 'packing', '待发货', '地址收到了，配货前都可以修改', {
    goods: { addressState: 'given', maskedAddress: '林**，138****1234，安徽省 合肥市 蜀山区 望江西路…', parcel: null },
  }),
  goodsTaken: noMoney('goods', '青禾夏日随行保温杯', 'packing', '配货中', '正在配货，很快寄出', {
    goods: { addressState: 'taken', maskedAddress: '林**，138****1234，安徽省 合肥市 蜀山区 望江西路…', parcel: null },
  }),
  locked: noMoney('locked', '加倍红包', 'locked', '待打开', '再扫一瓶就打开，11 月 10 日前有效，含当天', {
    locked: { opensUntil: until, openedAt: null },
  }),
  lockedLapsed: noMoney('locked', '加倍红包', 'lapsed', '已过期', '11 月 10 日前没有再扫一瓶，红包没能打开', {
    locked: { opensUntil: until, openedAt: null },
  }),
  lockedOpen: award('ready', '待领取', {
    kind: 'locked',
    prizeName: '加倍红包',
    amountFen: 666,
    locked: { opensUntil: until, openedAt: `${year}-11-04T11:42:10Z` },
  }),
};

export const myPhone = {
  bound: false,
  masked: null,
  available: true,
  consent: {
    version: 'phone-2026-11',
    text: '我同意品牌方收集并加密保存我的手机号，仅用于：验证我的身份、把我在不同微信账号下的会员资料合并为一份、寄送实物奖品和提供会员等级权益。若该号码 90 天内在另一个微信账号下验证过，两份会员资料会合并，积累的数据相加，不能再分开。我可以随时在「我的」里解绑，解绑后号码即被删除。',
  },
};

export const regions = {
  '': [
    { adcode: 110000, name: '北京市' },
    { adcode: 340000, name: '安徽省' },
  ],
  110000: [{ adcode: 110100, name: '北京市' }],
  340000: [
    { adcode: 340100, name: '合肥市' },
    { adcode: 340200, name: '芜湖市' },
  ],
  110100: [{ adcode: 110105, name: '朝阳区' }],
  340100: [
    { adcode: 340104, name: '蜀山区' },
    { adcode: 340111, name: '包河区' },
  ],
};

const answer = (verdict, extra = {}) => ({
  scanId: 'recorded',
  code,
  verdict,
  repeat: null,
  product: product(),
  reward: null,
  opened: [],
  refusal: null,
  scannedAt: `${year}-11-03T11:42:10Z`,
  look: null,
  ...extra,
});

/** The scan that won one of `prizes`: no more than its name and where it stands. */
export const wins = ({ kind, prizeName, state, stateText, hint }, extra = {}) =>
  answer('first', { reward: reward({ kind, prizeName, amountFen: null, state, stateText, hint }), ...extra });

const refused = (reason, message, cure) =>
  answer('first', {
    refusal: { reason, message, campaignId: reason === 'no_rule' || reason === 'held' ? null : 3, cure },
  });
/** A gate with these tasks, of which the first open one is asked for; the bottle is kept for half an hour from now on. */
const gate = (message, ...steps) =>
  refused('gate_open', message, {
    action: steps.find(({ done }) => !done).action,
    steps,
    heldUntil: new Date(Date.now() + 30 * 60_000).toISOString(),
  });
const step = (action, done = false) => ({ action, done });

export const scans = {
  firstPeach: answer('first', { reward: reward() }),
  // Somebody else asked first, nobody has won yet: this one wins.
  repeatWins: answer('repeat', {
    repeat: { mine: false, firstAt: `${year}-11-03T11:42:10Z`, city: '合肥市', times: 2 },
    reward: reward(),
  }),
  verifyOnly: answer('first'),
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
      message: '这瓶还没登记上市，我们已收到提醒；奖励不会丢，稍后再扫',
      cure: { action: 'wait' },
    },
  }),
  frozen: answer('frozen'),
  recalled: answer('recalled', { product: traced('白桃') }),
  traced: answer('first', { reward: reward(), product: traced('青柠') }),
  dealt: answer('first', { reward: reward({ dealt: true }) }),
  void: answer('void', { product: product('乌龙') }),
  expired: answer('expired', { product: product('青柠') }),
  unknown: answer('unknown', { product: null }),
  placeNeeded: refused('place_needed', '这份奖励只在部分地区发放，需要确认您所在的城市', {
    action: 'location',
    nationwide: true,
    heldUntil: new Date(Date.now() + 30 * 60_000).toISOString(),
  }),
  capReached: refused('cap_reached', '今天已领 10 次，明天再来扫这瓶，没被别人领走就还能领', {
    action: 'wait',
    at: `${year}-11-03T16:00:00Z`,
  }),
  notStarted: refused('not_started', '活动 11 月 8 日 10:00 开始，到时再扫这瓶', {
    action: 'wait',
    at: `${year}-11-08T02:00:00Z`,
  }),
  paused: refused('paused', '活动暂停中，恢复后再扫这瓶，没被别人领走就还能领', { action: 'wait' }),
  budgetShort: refused('budget_short', '这一轮的奖金正在补充，稍后再扫这瓶，没被别人领走就还能领', { action: 'wait' }),
  held: refused('held', '这个码正有人在领取，没领完就会放出来，到时可以再试', {
    action: 'wait',
    at: `${year}-11-03T12:12:00Z`,
  }),
  phoneGate: gate('绑定手机号后就能领取，这份奖励为您留半小时', step('phone')),
  secondGate: gate('绑定手机号后就能领取，这份奖励为您留半小时', step('follow', true), step('phone')),
  followGate: gate('关注公众号后就能领取，这份奖励为您留半小时', step('follow'), step('phone')),
  shareGate: gate('分享后就能领取，这份奖励为您留半小时', step('share'), step('follow', true), step('phone')),
  opensPacket: answer('first', {
    reward: reward(),
    opened: [{ awardId: 'W8', prizeName: '加倍红包', amountFen: 666 }],
  }),
  opensAndNothing: answer('first', {
    reward: reward({ kind: 'nothing', prizeName: '谢谢参与', amountFen: null, state: 'none', stateText: '谢谢参与' }),
    opened: [{ awardId: 'W8', prizeName: '加倍红包', amountFen: 666 }],
    product: product('青柠'),
  }),
  noRule: refused('no_rule', '这瓶现在没有可参加的活动', {
    action: 'none',
  }),
};

export const mixedWallet = {
  items: Object.values(prizes).map((prize, index) => ({ ...prize, awardId: `P${index}` })),
  nextCursor: null,
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

const poolOf = (extra) => ({
  poolId: 'p1:1:1:1',
  campaignName: '夏日开盖有礼',
  amountFen: 65,
  untilFen: 100,
  awards: 3,
  state: 'gathering',
  stateText: '累计中',
  hint: '已累计 0.65 元，满 1.00 元就能提现，还差 0.35 元',
  confirm: null,
  expiresAt: null,
  ...extra,
});
const totals = { receivedFen: 1880, waitingFen: 1088, onTheWayFen: 1888, gatheringFen: 65 };
const inHours = (hours) => new Date(Date.now() + hours * 3_600_000).toISOString();
export const pools = {
  gathering: poolOf({}),
  full: poolOf({
    amountFen: 105,
    awards: 5,
    state: 'ready',
    stateText: '待领取',
    hint: '已累计 1.05 元，点一下「收款」，一次收到微信零钱',
  }),
  preparing: poolOf({
    amountFen: 105,
    untilFen: null,
    state: 'preparing',
    stateText: '准备中',
    hint: '正在请微信备好这笔钱，几秒就好',
  }),
  confirm: poolOf({
    poolId: 'p1:1:1:2',
    amountFen: 120,
    untilFen: null,
    awards: 6,
    state: 'confirm',
    stateText: '待确认',
    hint: '请在 11 月 23 日 09:05 前点「收款」确认',
    confirm: { mchId: '1900000109', appId: 'wx0', package: 'p' },
    expiresAt: inHours(20.2),
  }),
  held: poolOf({
    poolId: 'p1:1:1:3',
    amountFen: 110,
    untilFen: null,
    awards: 4,
    state: 'held',
    stateText: '核实中',
    hint: '这笔钱正在由人工核实，核实完就能领。钱还为您留着，不用重复点',
  }),
};
export const money = (shown = [], extra = {}) => ({ totals: { ...totals, ...extra }, pools: shown });
export const emptyMoney = money([], { receivedFen: 0, waitingFen: 0, onTheWayFen: 0, gatheringFen: 0 });
export const authorisation = {
  state: 'off',
  offered: false,
  hint: null,
  confirm: null,
  expiresAt: null,
  agreedAt: null,
};

export const me = (tier) => ({
  nickname: tier === null ? null : '林小禾',
  since: `${year}-06-18T11:42:10Z`,
  tier,
  spendFen: 128400,
  scans: 214,
  wins: 163,
  receivedFen: 23116,
  lastCity: tier === null ? null : '合肥市',
});

/** 规则公示 as the server writes it. */
export const notice = {
  title: '青禾夏日 · 开盖有礼',
  versionNo: 4,
  contentHash: '9c1f0a5be1d04c2f8f5d3b7a6e9c1f0a5be1d04c2f8f5d3b7a6e44d1c0b2a3f4',
  dealt: true,
  sections: [
    { title: '主办方', lines: ['青禾饮品（合肥）有限公司', '联系方式：400-000-0000（9:00–21:00）'] },
    { title: '活动时间', lines: [`${year}-06-01 00:00 至 ${year}-09-01 00:00（北京时间，不含结束时刻）`] },
    { title: '活动范围', lines: ['地区：全国', '商品：青禾 青柠气泡茶、青禾 白桃气泡茶、青禾 乌龙气泡茶'] },
    { title: '参与条件与方式', lines: ['打开瓶盖，用微信扫盖内的码，当场开奖。每个码只开一次奖。'] },
    {
      title: '奖项、数量与中奖概率',
      lines: [
        '头奖预埋（指定批次的产品）：1200 个码中共有 88 元 3 份；0.88 元 397 份；谢谢参与 800 份，发码前已经排定',
        '普通瓶（所有参加者）：中奖概率 0.30 元 60%；谢谢参与 40%',
      ],
    },
    {
      title: '奖品说明',
      lines: ['「88 元」：现金 88.00 元，共 3 份', '「0.88 元」：现金 0.88 元', '「0.30 元」：现金 0.30 元'],
    },
    { title: '领奖次数', lines: ['每位会员每天最多 10 次；到上限时码不作废，过后可以再扫'] },
    {
      title: '开奖与兑奖',
      lines: [
        '扫码后当场开奖。',
        '兑奖方式：微信零钱，点「收款」确认',
        '红包逐个发放。',
        `兑奖截止：${year}-10-01 00:00，请在此之前领取。`,
      ],
    },
    { title: '其他说明', lines: ['未成年人请在监护人陪同下参加。活动不影响产品质量保证。'] },
  ],
};

const seed = '07'.repeat(32);
const table = '7/1/40-1240;big=3;small=397;thanks=800';
const deal = {
  ruleKey: 'dealt',
  ruleName: '头奖预埋',
  segment: { batch: 7, layer: 1, from: 40, to: 1240 },
  prizes: [
    { key: 'big', name: '88 元', count: 3 },
    { key: 'small', name: '0.88 元', count: 397 },
    { key: 'thanks', name: '谢谢参与', count: 800 },
  ],
  text: table,
  commitment: createHash('sha256').update(`${seed}\n${table}`).digest('hex'),
  publishedAt: `${year}-05-30T02:00:00Z`,
  openedAt: null,
  seed: null,
};
const open = { ...deal, openedAt: `${year}-09-01T00:05:00Z`, seed };
const proofOf = (...deals) => ({
  campaignId: 3,
  name: '青禾夏日 · 开盖有礼',
  endsAt: `${year}-08-31T16:00:00Z`,
  deals,
  recompute: [
    '承诺值 = SHA-256（种子的 64 位十六进制小写文本 + 换行符 + 奖项表文本）。活动发布时公示承诺值，活动结束后公开种子；任何人都可以重新计算并核对两者一致。',
    '每枚码在码段中的顺位 x = 码序号 − 码段起点（从 0 开始），N = 码段终点 − 码段起点。',
  ],
});
/** Before and after the seed is open; one that was tampered with; a campaign that deals nothing. */
export const proofs = {
  sealed: proofOf(deal),
  open: proofOf(open),
  wrongSeed: proofOf({ ...open, seed: '08'.repeat(32) }),
  wrongTable: proofOf({
    ...open,
    prizes: open.prizes.map((one, at) => ({ ...one, count: one.count + [-2, 2, 0][at] })),
  }),
  none: proofOf(),
};
const won = (serial, prizeKey, prizeName) => ({
  ...{ awardId: `W${serial}`, ruleKey: 'dealt', serial, prizeKey, prizeName },
  wonAt: `${year}-07-12T12:03:00Z`,
});
/** Bottles of the deal above, as it really lies. */
export const dealtCodes = { items: [won(116, 'small', '0.88 元'), won(118, 'thanks', '谢谢参与')] };
