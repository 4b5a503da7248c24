import type { Schemas } from '../api';
import type { Cap, GateKind, Lane, PrizeKind, Trust } from './model/document';

export type Phase = Schemas['CampaignDto']['phase'];

export const PHASES = {
  draft: ['none', '草稿'],
  scheduled: ['info', '未开始'],
  armed: ['wait', '待启动'],
  live: ['good', '进行中'],
  paused: ['wait', '已暂停'],
  ended: ['none', '已结束'],
} as const satisfies Record<Phase, readonly ['good' | 'wait' | 'bad' | 'info' | 'none', string]>;

export const LANES: Record<Lane, string> = { burst: '区域加码', regional: '区域', base: '常规' };
export const LANE_NOTES: Record<Lane, string> = {
  base: '日常活动，最后轮到它',
  regional: '某个地区专属，先于常规活动',
  burst: '批准好的加码预案，一人即可启动，最先轮到它',
};

export const PRIZE_KINDS: Record<PrizeKind, string> = {
  cash: '微信红包',
  locked: '下一瓶打开的红包',
  coupon: '优惠券',
  goods: '实物（填地址寄送）',
  redeem: '门店兑付（再来一瓶）',
  nothing: '谢谢参与',
};

export const CAP_PER: Record<Cap['per'], string> = {
  ...{ member: '每位会员', code: '每个码', region: '每个地区', store: '每家门店', campaign: '整个活动' },
};
export const CAP_WINDOWS: Record<Cap['window'], string> = {
  ...{ hour: '每小时', day: '每天', week: '每周', month: '每月', total: '活动期间合计' },
};

export const GATES: Record<GateKind, readonly [string, string]> = {
  phone: ['绑定手机号', '只用于实物和等级权益，领取前单独征得同意'],
  follow: ['关注公众号', '微信不允许先关注再领奖'],
  share: ['分享', '微信不允许先分享再领奖'],
};

export const TRUSTS: Record<Trust, string> = {
  agreed: '定位与 IP 一致才算',
  ip: '按 IP 就算',
  claimed: '仅凭定位就算',
};
