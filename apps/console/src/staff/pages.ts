import { Checked, Notebook, Setting, User } from '@element-plus/icons-vue';
import type { ConsolePage } from '../page';

export const PAGES: readonly ConsolePage[] = [
  {
    path: 'approvals',
    title: '待审批',
    needs: 'GET /v1/console/approvals',
    show: () => import('./approvals-page.vue'),
    menu: { group: '', icon: Checked, order: 30 },
  },
  {
    path: 'people',
    title: '人员与角色',
    needs: 'GET /v1/console/operators',
    show: () => import('./people-page.vue'),
    menu: { group: '管理', icon: User, order: 10 },
  },
  {
    path: 'audit',
    title: '操作日志',
    needs: 'GET /v1/console/audit',
    show: () => import('./audit-page.vue'),
    menu: { group: '管理', icon: Notebook, order: 20 },
  },
  {
    path: 'settings',
    title: '设置',
    needs: 'GET /v1/console/settings',
    show: () => import('./settings-page.vue'),
    menu: { group: '管理', icon: Setting, order: 30 },
  },
  { path: 'account', title: '我的账号', show: () => import('./account-page.vue') },
];
