import { List } from '@element-plus/icons-vue';
import type { ConsolePage } from '../page';

export const PAGES: readonly ConsolePage[] = [
  {
    path: 'scans',
    title: '扫码记录',
    needs: 'GET /v1/console/scans',
    show: () => import('./scans-page.vue'),
    menu: { group: '', icon: List, order: 20 },
  },
];
