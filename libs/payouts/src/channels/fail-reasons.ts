/** Why a bill is proven to have failed, in words for everybody who asks. */
export interface FailReason {
  /** Who can change it: the person, we (or our merchant account), or nobody needs to (time ran out, we took it back). */
  readonly whose: 'person' | 'ours' | 'nobody';
  /** It will hit every bill of the channel: the channel pauses until a send goes through again. */
  readonly pausesChannel: boolean;
  /** Trying again before midnight in Beijing is in vain. */
  readonly untilTomorrow: boolean;
  /** For finance: what WeChat means and what to do. */
  readonly finance: string;
  /** For the person: what happened, what is kept, what to do. */
  readonly consumer: string;
}

const KEPT = '奖励还在';

function persons(finance: string, consumer: string, untilTomorrow = false): FailReason {
  return { whose: 'person', pausesChannel: false, untilTomorrow, finance, consumer: `${consumer}，${KEPT}` };
}

function ours(finance: string, pausesChannel: boolean): FailReason {
  const consumer = `我们这边付款遇到问题，正在处理，${KEPT}，请稍后再领`;
  return { whose: 'ours', pausesChannel, untilTomorrow: false, finance, consumer };
}

function nobodys(finance: string, consumer: string): FailReason {
  return { whose: 'nobody', pausesChannel: false, untilTomorrow: false, finance, consumer: `${consumer}，${KEPT}` };
}

/** `fail_reason` of 商家转账, codes of red packets that end in a failure, and our own. */
export const FAIL_REASONS: Readonly<Record<string, FailReason>> = {
  ACCOUNT_FROZEN: persons('用户的微信支付账户被冻结', '你的微信支付账户暂时被冻结，请在微信里解除后再来领'),
  ACCOUNT_NOT_EXIST: persons('用户没有可收款的微信支付账户', '你的微信还没有开通零钱，请先在微信里开通，再来领'),
  REAL_NAME_CHECK_FAIL: persons('用户没有实名认证', '微信要求收款人实名，请先在微信支付里完成实名认证，再来领'),
  NAME_NOT_CORRECT: persons('收款人姓名与实名不符', '收款人姓名和微信实名不一致，请联系客服核对'),
  OPENID_INVALID: ours('openid 与公众号不符：核对商户号绑定的公众号', false),
  TRANSFER_QUOTA_EXCEED: persons('超过用户单笔收款额度', '超过了你的微信单笔收款额度，请联系客服'),
  DAY_RECEIVED_QUOTA_EXCEED: persons(
    '用户今日收款额度已满，次日可再领',
    '你今天的微信收款额度已满，请明天再来领',
    true,
  ),
  DAY_RECEIVED_COUNT_EXCEED: persons(
    '用户今日收款次数已满，次日可再领',
    '你今天的微信收款次数已满，请明天再来领',
    true,
  ),
  REALNAME_ACCOUNT_RECEIVED_QUOTA_EXCEED: persons(
    '用户的零钱账户类型额度已满，需升级实名等级',
    '你的微信零钱额度已满，请在微信支付里升级账户后再来领',
  ),
  BLOCK_B2C_USERLIMITAMOUNT_MONTH: persons('用户本月收款额度已满', '你这个月的微信收款额度已满，请下个月再来领'),
  PAYEE_ACCOUNT_ABNORMAL: persons('用户收款账户异常', '你的微信收款账户暂时异常，请在微信支付里查看后再来领'),
  PAYER_ACCOUNT_ABNORMAL: ours('商户付款账户异常：到商户平台处理，通道已暂停', true),
  PRODUCT_AUTH_CHECK_FAIL: ours('商户号没有商家转账权限或权限被收回：到商户平台处理，通道已暂停', true),
  TRANSFER_SCENE_UNAVAILABLE: ours('转账场景不可用：到商户平台处理，通道已暂停', true),
  TRANSFER_SCENE_INVALID: ours('转账场景无效：到商户平台处理，通道已暂停', true),
  TRANSFER_REMARK_SET_FAIL: ours('转账备注不被接受（可能有敏感字）：所有单据用同一备注，通道已暂停', true),
  TRANSFER_RISK: persons('微信风控拦截了这笔收款', '微信为了安全拦下了这笔收款，请换个时间再来领'),
  OVERDUE_CLOSE: nobodys('24 小时内没有确认收款，微信已退回', '上次没有在 24 小时内确认收款，再点一次就能领'),
  MCH_CANCEL: nobodys('我们撤回了这张单（页面凭证丢失）', '上一次的收款页已失效，再点一次就能领'),
  CANCELLED: nobodys('我们撤回了这张单', '上一次的收款页已失效，再点一次就能领'),
  MERCHANT_REJECT: ours('商户平台有人驳回了转账', false),
  MERCHANT_NOT_CONFIRM: ours('商户平台没有在期限内审批', false),
  OTHER_FAIL_REASON_TYPE: nobodys('微信没有说明原因', '微信这次没有付成，请再领一次'),
  FAIL: nobodys('微信没有说明原因', '微信这次没有付成，请再领一次'),
  AUTHORISATION_CLOSED: nobodys(
    '用户已解除免确认收款授权，这张单没有发出',
    '免确认收款已经解除，请点一下收款，钱就会到零钱',
  ),
  REFUND: nobodys('红包 24 小时未领，已退回商户账户', '红包没有在 24 小时内打开，再领一次就会重新发出'),
  SEND_FAILED: nobodys('微信确认红包没有发出', '红包这次没有发出，请再领一次'),
  SEND_FAILED_WITH_REASON: nobodys(
    '微信确认红包没有发出（查单里有原因提示，如余额不足、超过限额、风控）',
    '红包这次没有发出，请再领一次',
  ),
  NO_AUTH: persons('微信风控拦截了此人的红包', '微信为了安全拦下了这个红包，请联系客服'),
  OPENID_ERROR: ours('openid 不属于发红包的公众号', false),
  MONEY_LIMIT: ours('金额不在红包可发范围：检查场景是否开通', false),
  PARAM_ERROR: ours('红包参数被拒绝：检查场景和文字', false),
};

const UNLISTED = ours('微信给出了未登记的失败原因：请人核对并登记', false);

/** The facts of a reason, also of one that nobody has met before. */
export function failReason(why: string): FailReason {
  const known = Object.hasOwn(FAIL_REASONS, why) ? FAIL_REASONS[why] : undefined;
  return known ?? UNLISTED;
}
