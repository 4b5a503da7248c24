/** What acts are called. An act that has no words yet is shown by its own name: nothing is hidden for want of a translation. */
export const ACTS: Readonly<Record<string, string>> = {
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
  'staff.enable': '恢复账号',
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
  'pictures.keep': '上传活动图片',
  'campaigns.submit': '提交活动审批',
  'campaigns.approve': '同意并发布活动',
  'campaigns.reject': '驳回活动',
  'campaigns.withdraw': '撤回活动',
  'campaigns.pause': '暂停活动',
  'campaigns.resume': '恢复活动',
  'campaigns.end': '结束活动',
  'campaigns.start-burst': '启动区域加码',
  'campaigns.stop-burst': '停止区域加码',
  'campaigns.publish': '发布活动',
  'campaigns.keep': '保留旧版本',
  'campaigns.open-deals': '公开预埋奖项的种子',
  'channel.create-distributor': '新建经销商',
  'channel.change-distributor': '修改经销商',
  'channel.end-distributor': '停止合作',
  'channel.reopen-distributor': '恢复合作',
  'channel.assign-territory': '划分区域',
  'channel.end-territory': '结束区域',
  'channel.open-store': '新建门店',
  'channel.change-store': '修改门店',
  'channel.close-store': '停用门店',
  'channel.reopen-store': '恢复门店',
  'channel.renew-binding': '更换门店绑定码',
  'channel.confirm-clerk': '确认店员',
  'channel.refuse-clerk': '回绝店员',
  'channel.remove-clerk': '移除店员',
  'channel.credit-redemptions': '结算兑付',
  'channel.void-redemption-credit': '作废兑付结算',
  'channel.confirm-redemption-sheet': '确认兑付对账单',
  'channel.raise-dispute': '对兑付提出异议',
  'channel.answer-dispute': '答复兑付异议',
  'channel.settle-dispute': '了结兑付异议',
  'channel.export-redemption-sheet': '下载兑付对账单',
  'channel.export-redemptions': '下载兑付明细',
  'members.erase': '会员注销',
  'members.tag': '打标签',
  'members.untag': '去标签',
  'members.create-audience': '新建人群',
  'members.change-audience': '修改人群',
  'members.archive-audience': '归档人群',
  'members.list-members': '向名单加人',
  'members.unlist-members': '从名单移人',
  'rewards.create-coupon-pool': '新建券码库',
  'rewards.import-coupons': '导入券码',
  'rewards.mark-coupon-pool': '修改券码库提醒线',
  'rewards.export-addresses': '导出收件地址',
  'rewards.take-orders': '领取地址单',
  'rewards.record-tracking': '登记快递单号',
  'service.reply': '回复客诉',
  'service.close': '关闭客诉',
  'reports.export-regions': '下载区域报表',
  'reports.settings': '修改报表设置',
  'scans.replay': '回放活动',
  'scans.cancel-replay': '取消回放',
  'jobs.replay': '重做失败任务',
  'jobs.give-up': '放弃失败任务',
  'payouts.request-correction': '申请账目更正',
  'payouts.approve-correction': '同意账目更正',
  'payouts.reject-correction': '驳回账目更正',
  'payouts.withdraw-correction': '撤回账目更正',
  'payouts.ask-settle': '申请认定已到账',
  'payouts.ask-fail': '申请认定未付出',
  'payouts.ask-close-case': '申请结案',
  'payouts.approve-settle': '同意认定已到账',
  'payouts.approve-fail': '同意认定未付出',
  'payouts.approve-close': '同意结案',
  'payouts.refuse-decision': '驳回人工结果',
  'payouts.revise-decision': '修改人工结果申请',
  'payouts.withdraw-decision': '撤回人工结果申请',
  'payouts.close-case': '结案',
  'payouts.reconcile': '对账',
  'payouts.draft-write-off': '起草核销单',
  'payouts.edit-write-off': '修改核销单',
  'payouts.sign-write-off': '签核销单',
  'payouts.approve-write-off': '同意核销单',
  'payouts.void-write-off': '作废核销单',
  'payouts.export-statement': '下载对账单',
  'payouts.export-write-offs': '下载核销单',
  'payouts.export-write-off-lines': '下载核销明细',
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
  'codes.freeze-batch': '冻结批次',
  'codes.unfreeze-batch': '解冻批次',
  'codes.recall-batch': '召回批次',
  'codes.recall-lot': '召回生产批次',
  'codes.edit-product': '修改产品',
  'codes.change-price': '修改价格',
  'codes.request-pack': '申请码包',
  'codes.approve-pack': '同意码包',
  'codes.refuse-pack': '驳回码包',
  'codes.withdraw-pack': '撤回码包申请',
  'codes.download-pack': '下载码包',
  'codes.qr-sheet': '打开二维码样张',
  'codes.record-lot': '登记生产批次',
  'codes.lot-stages': '修改溯源环节',
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
  pictures: '图片',
  scans: '扫码',
  service: '客诉',
  reports: '报表',
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
