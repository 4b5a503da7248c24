/** 现金营销. */
export const TRANSFER_SCENE = '1000';
/** The scene demands exactly these two lines, under these names. */
export const TRANSFER_REPORT = [
  { info_type: '活动名称', info_content: '扫码有礼' },
  { info_type: '奖励说明', info_content: '一物一码扫码奖励' },
] as const;
export const TRANSFER_REMARK = '扫码有礼活动奖励';
export const TRANSFER_PERCEPTION = '活动奖励';
