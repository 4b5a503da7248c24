import { DataAnalysis } from '@element-plus/icons-vue';
import type { ConsolePage } from '../page';

export const PAGES: readonly ConsolePage[] = [
  {
    path: '',
    title: '总览',
    show: () => import('./overview-page.vue'),
    menu: { group: '', icon: DataAnalysis, order: 10 },
  },
];
