import type { PayoutState } from '@app/payouts';

/** Names of what is kept, as people read them. */
export const DATA_NAMES: Readonly<Record<'openid' | 'unionid' | 'phone', string>> = {
  openid: '微信号在本公众号下的标识',
  unionid: '微信号在本品牌下的标识',
  phone: '手机号',
};

export const CONSENT_NAMES: Readonly<Record<string, string>> = { phone: '保存手机号' };

export const VERDICT_WORDS: Readonly<Record<string, string>> = {
  first: '官方正品码，首次查询',
  repeat: '查询过的正品码',
  not_active: '还没登记上市',
  frozen: '暂停查询',
  void: '已作废',
  expired: '已过保质期',
  recalled: '已召回',
};

export const PAYOUT_WORDS: Readonly<Record<PayoutState, string>> = {
  PENDING: '准备中',
  SENDING: '转账中',
  UNKNOWN: '正在和微信核对',
  WAIT_USER: '等您确认',
  MANUAL: '人工核对中',
  SETTLED: '已到账',
  FAILED: '未转成',
  REFUNDED: '已退回',
};

export const SECRETS_APART = '券码和兑换码谁拿到谁能用，为了安全不写在这里，请在钱包里看。';
export const PHOTOS_APART = '反馈里的照片不在文字里，需要的话请在反馈里向我们要。';
