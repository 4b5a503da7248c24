// What the server says in a member's own rooms: tier, past scans, privacy, leaving.

const code = 'A-7K2M-9QX4-TB3W-Z8DR';
const year = new Date().getUTCFullYear();

const benefit = (extra = {}) => ({
  campaignId: 12,
  campaign: '青禾夏日 · 开盖有礼',
  rule: '金卡加倍',
  condition: '所在地 是 安徽省，等级 是 金卡、白金卡',
  prizes: ['双倍红包', '青禾随行杯'],
  tiers: ['金卡', '白金卡'],
  mine: false,
  until: `${year}-12-31T16:00:00Z`,
  ...extra,
});

export const tier = (extra = {}) => ({
  key: 'regular',
  name: '普卡',
  until: null,
  spendFen: 15450,
  month: `${year}-11`,
  nextReview: `${year}-12-01`,
  lines: [
    { key: 'gold', name: '金卡', leastFen: 20000, percent: 20 },
    { key: 'platinum', name: '白金卡', leastFen: 90000, percent: 5 },
  ],
  next: { name: '金卡', leastFen: 20000, missingFen: 4550 },
  benefits: [benefit()],
  ...extra,
});
export const goldTier = tier({
  ...{ key: 'gold', name: '金卡', until: `${year + 1}-11-01`, spendFen: 48600 },
  next: { name: '白金卡', leastFen: 90000, missingFen: 41400 },
  benefits: [
    benefit({ mine: true }),
    benefit({ rule: '白金卡生日月礼', tiers: ['白金卡'], condition: '等级 是 白金卡', prizes: ['1 升装一箱'] }),
  ],
});

const pastScan = (extra = {}) => ({
  scanId: `s${Math.random()}`,
  code,
  at: `${year}-11-03T11:42:10Z`,
  verdict: 'first',
  productName: '青禾白桃气泡茶',
  spec: '500 ml',
  city: '合肥市',
  reward: { awardId: 'W8N4', kind: 'cash', prizeName: '现金红包', amountFen: 188 },
  ...extra,
});
export const pastScans = {
  items: [
    pastScan(),
    pastScan({ reward: { awardId: 'W8N5', kind: 'goods', prizeName: '青禾夏日随行保温杯', amountFen: null } }),
    pastScan({ verdict: 'repeat', reward: null, city: null }),
    pastScan({ verdict: 'not_active', reward: null, productName: '青禾乌龙气泡茶' }),
    pastScan({
      at: `${year - 1}-08-21T12:05:00Z`,
      reward: { awardId: 'W', kind: 'nothing', prizeName: '谢谢参与', amountFen: null },
    }),
    pastScan({ verdict: 'expired', reward: null, productName: '青禾青柠气泡茶' }),
  ],
  nextCursor: null,
};

export const privacy = (extra = {}) => ({
  since: `${year}-06-18T11:42:10Z`,
  nickname: null,
  wechat: 'oA7k****9QxT',
  counts: { scans: 26, wins: 9, complaints: 0, photos: 0 },
  phone: null,
  addresses: [],
  reminders: { left: 0, at: null },
  authorisation: { state: 'off', at: null },
  posts: [],
  ...extra,
});
const kept = {
  consent: 'address-2026-11',
  at: `${year}-11-05T02:20:00Z`,
  masked: '林**，138****1234，安徽省 合肥市 蜀山区 望江西路…',
};
export const fullPrivacy = privacy({
  nickname: '林小禾',
  counts: { scans: 26, wins: 9, complaints: 2, photos: 3 },
  phone: { masked: '138****1234', since: `${year}-11-02T08:00:00Z`, consent: 'phone-2026-11-b' },
  addresses: [
    { ...kept, prizeName: '青禾夏日随行保温杯', state: 'packing' },
    { ...kept, prizeName: '青禾茶礼盒', state: 'sent' },
  ],
  reminders: { left: 2, at: `${year}-11-06T12:00:00Z` },
  authorisation: { state: 'on', at: `${year}-11-01T12:00:00Z` },
  posts: [{ storeName: '蜀山便利店', name: '王小店', at: `${year}-10-01T02:00:00Z` }],
});

export const myData = {
  导出时间: '11 月 6 日 20:00',
  会员: { 会员号: '3518437208883', 昵称: '林小禾', 加入时间: '6 月 18 日 19:42', 等级: '普卡', 扫码次数: 26 },
  扫码: [{ 时间: '11 月 3 日 19:42', 码: code, 结果: '官方正品码，首次查询', 商品: '青禾白桃气泡茶', 地点: '合肥市' }],
  奖励: [{ 时间: '11 月 3 日 19:42', 活动: '青禾夏日 · 开盖有礼', 奖品: '现金红包', 金额: '1.88 元', 状态: '已到账' }],
};

export const erasure = (extra = {}) => ({
  losses: [
    { what: 'money', words: '3.76 元待领取的红包' },
    { what: 'coupon', words: '1 张还能用的券' },
    { what: 'redeem', words: '2 份还没到店兑付的奖品' },
  ],
  blocks: [],
  seen: '0123456789abcdef',
  ...extra,
});

const said = (mine, text, at) => ({ mine, text, at: `${year}-11-0${at}T04:20:00Z` });
export const complaints = {
  items: [
    {
      ...{ id: 3, kind: 'money', state: 'answered', photos: 0, openedAt: `${year}-11-03T04:20:00Z` },
      messages: [
        said(true, '红包三天了还没到账，钱包里一直写着到账中', 3),
        said(false, '已经和微信核对过：这笔 1.88 元在 11 月 4 日 12:31 存进了您的零钱。打扰您久等了。', 4),
      ],
    },
    {
      ...{ id: 2, kind: 'product', state: 'open', photos: 2, openedAt: `${year}-11-02T04:20:00Z` },
      messages: [said(true, '瓶盖里面有一圈黑边，喝之前发现的，拍了两张照片', 2)],
    },
  ],
  nextCursor: null,
};

const post = {
  storeId: 7,
  storeName: '蜀山路便利店（望江西路与科学大道交口店）',
  state: 'active',
  name: '王小店',
  reason: null,
};
export const posts = { items: [post] };
export const storeDay = {
  day: `${year}-11-06`,
  units: 12,
  coPayFen: 700,
  items: [
    { prizeName: '再来一瓶', productName: '青禾白桃气泡茶', coPayFen: 0, redeemedAt: `${year}-11-06T11:20:00Z` },
    { prizeName: '加 1 元换一瓶', productName: '青禾乌龙气泡茶', coPayFen: 100, redeemedAt: `${year}-11-06T10:02:00Z` },
  ],
  nextCursor: null,
};
const line = { openingUnits: 12, redeemedUnits: 320, coPayFen: 32000, settledUnits: 300, owedUnits: 32 };
export const settlement = {
  month: `${year}-11`,
  closed: false,
  lines: [
    { ...line, productName: '青禾白桃气泡茶 500 ml' },
    { ...line, productName: '青禾乌龙气泡茶 500 ml', coPayFen: 0 },
  ],
};
const near = { region: '安徽省 合肥市 蜀山区', address: '望江西路 100 号一楼，进门右手边柜台', distanceM: 860 };
export const stores = {
  items: [
    { ...near, storeId: 7, name: post.storeName },
    { ...near, storeId: 8, name: '长江西路小卖部', distanceM: 12_400 },
  ],
  nextCursor: null,
};
export const binding = {
  store: { storeId: 7, name: post.storeName, region: near.region, address: near.address },
  post: null,
  consent: {
    version: 'clerk-2026-11',
    text: '同意把姓名给品牌方和门店的经销商，用来确认我是这家店的店员，不作别的用途',
  },
};
