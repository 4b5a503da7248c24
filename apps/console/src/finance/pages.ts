import {
  Coin,
  DocumentChecked,
  Finished,
  Money,
  Notebook,
  PieChart,
  Tickets,
  WarningFilled,
} from '@element-plus/icons-vue';
import type { ConsolePage } from '../page';

export const PAGES: readonly ConsolePage[] = [
  {
    path: 'finance',
    title: '财务总览',
    needs: 'GET /v1/console/finance',
    show: () => import('./finance-page.vue'),
    menu: { group: '财务', icon: PieChart, order: 10 },
  },
  {
    path: 'budgets',
    title: '预算与申请',
    needs: 'GET /v1/console/budgets',
    show: () => import('./budgets-page.vue'),
    menu: { group: '财务', icon: Money, order: 20 },
  },
  {
    path: 'payouts',
    title: '发放',
    needs: 'GET /v1/console/payouts',
    show: () => import('./payouts-page.vue'),
    menu: { group: '财务', icon: Tickets, order: 30 },
  },
  {
    path: 'money-cases',
    title: '资金异常',
    needs: 'GET /v1/console/money-cases',
    show: () => import('./cases-page.vue'),
    menu: { group: '财务', icon: WarningFilled, order: 40 },
  },
  {
    path: 'statements',
    title: '结算表',
    needs: 'GET /v1/console/statements',
    show: () => import('./statements-page.vue'),
    menu: { group: '财务', icon: Notebook, order: 50 },
  },
  {
    path: 'write-offs',
    title: '核销单',
    needs: 'GET /v1/console/write-offs',
    show: () => import('./write-offs-page.vue'),
    menu: { group: '财务', icon: DocumentChecked, order: 60 },
  },
  {
    path: 'reconciliation',
    title: '微信对账',
    needs: 'GET /v1/console/reconciliation',
    show: () => import('./reconciliation-page.vue'),
    menu: { group: '财务', icon: Finished, order: 70 },
  },
  {
    path: 'dead-jobs',
    title: '停放的任务',
    needs: 'GET /v1/console/dead-jobs',
    show: () => import('./dead-jobs-page.vue'),
    menu: { group: '财务', icon: Coin, order: 80 },
  },
];
