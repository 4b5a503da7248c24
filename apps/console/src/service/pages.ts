import { Bell, ChatLineSquare, Ticket, Van, View } from '@element-plus/icons-vue';
import type { ConsolePage } from '../page';

export const PAGES: readonly ConsolePage[] = [
  {
    path: 'complaints',
    title: '客诉',
    needs: 'GET /v1/console/complaints',
    show: () => import('./complaints-page.vue'),
    menu: { group: '服务', icon: ChatLineSquare, order: 10 },
  },
  {
    path: 'fulfilment',
    title: '发货',
    needs: 'GET /v1/console/fulfilment/orders',
    show: () => import('./fulfilment-page.vue'),
    menu: { group: '服务', icon: Van, order: 20 },
  },
  {
    path: 'coupon-pools',
    title: '券码库',
    needs: 'GET /v1/console/coupon-pools',
    show: () => import('./coupon-pools-page.vue'),
    menu: { group: '服务', icon: Ticket, order: 30 },
  },
  {
    path: 'code-alarms',
    title: '码告警',
    needs: 'GET /v1/console/code-alarms',
    show: () => import('./code-alarms-page.vue'),
    menu: { group: '服务', icon: Bell, order: 40 },
  },
  {
    path: 'risk-clues',
    title: '风险线索',
    needs: 'GET /v1/console/risk-clues/busy-members',
    show: () => import('./risk-clues-page.vue'),
    menu: { group: '服务', icon: View, order: 50 },
  },
];
