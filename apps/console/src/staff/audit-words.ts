/** What acts are called. An act that has no words yet is shown by its own name: nothing is hidden for want of a translation. */
const ACTS: Readonly<Record<string, string>> = {
  'staff.login': '登录',
  'staff.logout': '退出登录',
  'staff.locked': '账号被锁定',
  'staff.create': '建立账号',
  'staff.invite': '邀请同事',
  'staff.invite-again': '重发邀请',
  'staff.join': '接受邀请并设置密码',
  'staff.reset': '重置登录',
  'staff.new-password': '凭链接设置新密码',
  'staff.password': '修改密码',
  'staff.disable': '停用账号',
  'staff.unlock': '解锁账号',
  'staff.rights': '修改专项权限',
  'staff.roles': '修改角色',
  'staff.ask-roles': '申请角色',
  'staff.grant-roles': '同意角色',
  'staff.refuse-roles': '驳回角色',
  'staff.withdraw-roles': '撤回角色申请',
  'staff.session-ended': '退出一台设备',
  'staff.sessions-ended': '让账号全部退出',
  'staff.second-factor': '绑定动态验证码',
  'staff.second-factor-removed': '解除动态验证码',
  'staff.recovery-codes': '更换恢复码',
  'campaigns.save': '保存活动草稿',
  'campaigns.submit': '提交活动审批',
  'campaigns.approve': '同意并发布活动',
  'campaigns.reject': '驳回活动',
  'campaigns.withdraw': '撤回活动',
  'campaigns.pause': '暂停活动',
  'campaigns.resume': '恢复活动',
  'campaigns.end': '结束活动',
  'campaigns.clone': '复制活动',
  'campaigns.start-burst': '启动区域加码',
  'campaigns.stop-burst': '停止区域加码',
  'payouts.create-budget': '新建预算',
  'payouts.request-grant': '提交费用申请',
  'payouts.approve-grant': '同意费用申请',
  'payouts.reject-grant': '驳回费用申请',
  'payouts.withdraw-grant': '撤回费用申请',
  'codes.create-product': '新建产品',
  'codes.draft-batch': '新建码批次',
  'codes.issue-batch': '生成码',
  'codes.segment-active': '激活码段',
  'codes.segment-inactive': '停用码段',
  'codes.segment-frozen': '冻结码段',
  'codes.segment-void': '作废码段',
  'codes.freeze': '冻结批次',
  'codes.unfreeze': '解冻批次',
  'codes.record-lot': '登记生产批次',
  'codes.bind-lot': '绑定生产批次',
  'codes.export': '导出码',
};

export const AREAS = {
  staff: '人员与登录',
  campaigns: '活动',
  payouts: '资金',
  codes: '商品与码',
  members: '会员',
  channel: '渠道',
  rewards: '奖品',
  scans: '扫码',
  analytics: '报表',
  jobs: '任务',
} as const;

export function actInWords(act: string): string {
  return ACTS[act] ?? act;
}

/** One field that an act changed. */
export interface Change {
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What differs between before and after, field by field; a side that was not kept is null. */
export function changesOf(before: unknown, after: unknown): Change[] {
  const [old, now] = [fieldsOf(before), fieldsOf(after)];
  const fields = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  return fields
    .map((field) => ({ field, before: textOf(old[field]), after: textOf(now[field]) }))
    .filter((change) => change.before !== change.after);
}

function fieldsOf(value: unknown): Record<string, unknown> {
  if (value === null || value === undefined) return {};
  return typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : { 内容: value };
}

function textOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value, null, 1);
}
