/** 国家市场监督管理总局令第 32 号 (2020), 《规范促销行为暂行规定》. */
const PROMOTION_ORDER = '《规范促销行为暂行规定》（市场监管总局令第 32 号）';

/** The laws that findings rest on. */
export const LAW = {
  /** What must be published before a prize promotion, and may not be changed except in the consumer's favour. */
  disclosure: `${PROMOTION_ORDER}第十三条；《反不正当竞争法》第十一条`,
  /** Coupons: exchange rules, scope, validity, other limits. */
  coupons: `${PROMOTION_ORDER}第十四条`,
  /** Pretended prizes: some areas only, other prizes at other times, not put on the market. */
  pretended: `${PROMOTION_ORDER}第十五条；《反不正当竞争法》第十一条`,
  /** Top prize of a lottery-like promotion at most 50,000 yuan, goods and services by their market price. */
  topPrize: `${PROMOTION_ORDER}第十七条；《反不正当竞争法》第十一条`,
  /** Goods as prizes are valued at the price of like goods on the market. */
  goodsValue: `${PROMOTION_ORDER}第十八条`,
  /** Announcements must be true, exact and clear. */
  truthful: `${PROMOTION_ORDER}第五条`,
  /** Personal data: no more than needed, with consent, no refusal of service for withholding it. */
  personalData: '《个人信息保护法》第六条、第十四条、第十六条',
} as const;

/** WeChat's rules and limits. */
export const WECHAT = {
  links: '《微信外部链接内容管理规范》：不得以奖励诱导分享、诱导关注',
  transfer: '微信支付商家转账（现金营销场景 1000）：默认单笔 0.10 – 200 元',
  redpacket: '微信支付现金红包：默认单个 1 – 200 元，每人每天最多 10 个',
} as const;

/** Rules of this product; each is explained in docs/campaigns.md. */
export const HOUSE = {
  format: '一码规则：活动文档的格式',
  conditions: '一码规则：条件的写法',
  money: '一码规则：钱以整数分计',
  tables: '一码规则：奖项表要算得清',
  deals: '一码规则：按数量预埋',
  promise: '一码规则：必中要能证明',
  caps: '一码规则：领奖上限',
  budget: '一码规则：预算要够付已承诺的奖',
  place: '一码规则：所在地的可信程度',
  order: '一码规则：活动的先后次序',
  experiment: '一码规则：对照实验',
  burst: '一码规则：区域加码预案',
  payout: '一码规则：发放方式',
  redeem: '一码规则：门店兑付',
  look: '一码规则：手机页面看得清（WCAG 2.1 AA，正文对比度不低于 4.5:1）',
} as const;
