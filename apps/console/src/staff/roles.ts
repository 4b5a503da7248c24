import type { Schemas } from '../api';

export type Role = Schemas['OperatorDto']['roles'][number];

/** What each role is called, and what it is for, in the order in which people choose them. */
export const ROLE_WORDS = {
  owner: ['品牌负责人', '全部权限，并独自决定人员、下线和对消费者不利的变更'],
  marketer: ['市场', '建产品、码批次、活动、人群，提交审批'],
  approver: ['审批', '批准别人提交的活动、费用和人员申请'],
  finance: ['财务', '预算、核销、对账、人工结果'],
  service: ['客服', '投诉、补发、地址单、门店'],
  risk: ['风控', '码报警、暂停与冻结、异常'],
  auditor: ['审计', '查看总部的一切，不能改动'],
  distributor: ['经销商', '只看本经销商范围，管理自己的门店'],
  distributor_staff: ['经销商员工', '只查看本经销商范围'],
} as const satisfies Record<Role, readonly [string, string]>;

export function rolesInWords(roles: readonly Role[]): string {
  if (roles.length === 0) return '等待授权';
  const names = roles.map((role) => ROLE_WORDS[role][0]);
  return names.length > 3 ? `${names.slice(0, 2).join('、')}等 ${names.length} 项` : names.join('、');
}

export const OUTSIDE = ['distributor', 'distributor_staff'] as const satisfies readonly Role[];
export const BRAND = (Object.keys(ROLE_WORDS) as Role[]).filter((role) => !(OUTSIDE as readonly Role[]).includes(role));

export type Right = NonNullable<Schemas['OperatorDto']['rights']>[number];

/** What is given beyond the roles, one by one. */
export const RIGHT_WORDS = {
  'start-burst': ['启动区域加码', '不经再次审批，在已批准的范围内临时提高奖励'],
  'export-serials': ['导出码时带序号', '序号能看出哪枚码在哪箱，请只给负责印刷的人'],
  'export-addresses': ['导出收件地址', '含收件人的姓名和电话，请只给负责发货的人'],
} as const satisfies Record<Right, readonly [string, string]>;
