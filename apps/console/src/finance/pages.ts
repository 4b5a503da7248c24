import { Money, Tickets } from '@element-plus/icons-vue';
import type { ConsolePage } from '../page';

export const PAGES: readonly ConsolePage[] = [
  {
    path: 'budgets',
    title: '预算',
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
];
