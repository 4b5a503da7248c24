import type { Schemas } from '../api';

type Tone = 'good' | 'wait' | 'bad' | 'info' | 'none';

export const COMPLAINT_STATES: Readonly<Record<Schemas['ComplaintDto']['state'], readonly [Tone, string]>> = {
  open: ['wait', '待回复'],
  answered: ['good', '已回复'],
  closed: ['none', '已办结'],
};

export const COMPLAINT_KINDS: Readonly<Record<Schemas['ComplaintDto']['kind'], string>> = {
  ...{ prize: '奖品', money: '到账', product: '产品', code: '扫码', other: '其他' },
};

export const ORDER_STATES: Readonly<Record<Schemas['GoodsOrderDto']['state'], readonly [Tone, string]>> = {
  waiting: ['wait', '待发货'],
  taken: ['info', '配货中'],
  shipped: ['good', '已寄出'],
};

export const TRACKING_FAULTS: Readonly<Record<Schemas['TrackingFaultDto']['fault'], string>> = {
  bad_line: '不是三列：订单号、快递公司、运单号',
  bad_order: '没有这个订单号',
  bad_carrier: '快递公司要有 2 到 20 个字',
  bad_number: '运单号要有 6 到 32 位数字、字母或横线',
  repeated: '这个订单在前面已经有了',
  not_taken: '这个订单还没有导出地址',
};

export const IMPORT_FAULTS: Readonly<Record<Schemas['LineFaultDto']['fault'], string>> = {
  ...{ bad: '不是能用的券码', repeated: '本次导入里重复', known: '库里已经有了' },
};
