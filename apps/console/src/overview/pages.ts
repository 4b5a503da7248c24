import { DataAnalysis, MapLocation } from '@element-plus/icons-vue';
import type { ConsolePage } from '../page';

export const PAGES: readonly ConsolePage[] = [
  {
    path: '',
    title: '总览',
    show: () => import('./overview-page.vue'),
    menu: { group: '', icon: DataAnalysis, order: 10 },
  },
  {
    path: 'regions',
    title: '区域报表',
    needs: 'GET /v1/console/reports/region-table',
    show: () => import('./regions-page.vue'),
    menu: { group: '', icon: MapLocation, order: 12 },
  },
  {
    path: 'screen',
    title: '大屏',
    needs: 'GET /v1/console/live',
    show: () => import('./screen-page.vue'),
    bare: true,
  },
];
