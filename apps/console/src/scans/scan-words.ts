import type { Schemas } from '../api';

export type Verdict = Schemas['ScanRowDto']['verdict'];

export const VERDICTS = {
  first: ['good', '首次'],
  repeat: ['none', '重复'],
  not_active: ['wait', '未启用'],
  frozen: ['bad', '已冻结'],
  void: ['bad', '已作废'],
  expired: ['none', '已过期'],
  recalled: ['bad', '召回中'],
  unknown: ['bad', '不是我们的码'],
} as const satisfies Record<Verdict, readonly [string, string]>;

export const TRUSTS: Readonly<Record<Schemas['ScanRowDto']['trust'], string>> = {
  agreed: '定位与网络一致',
  ip: '按网络地址',
  claimed: '仅手机定位',
  disputed: '定位与网络不一致',
  unknown: '地点未知',
};
