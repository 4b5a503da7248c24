import { Present } from '@element-plus/icons-vue';
import type { ConsolePage } from '../page';

export const PAGES: readonly ConsolePage[] = [
  {
    path: 'campaigns',
    title: '活动',
    needs: 'GET /v1/console/campaigns',
    show: () => import('./campaigns-page.vue'),
    menu: { group: '营销', icon: Present, order: 10 },
  },
  {
    path: 'campaigns/:id(\\d+)',
    title: '活动',
    needs: 'GET /v1/console/campaigns/{id}',
    show: () => import('./live/campaign-page.vue'),
  },
  {
    path: 'campaigns/:id(\\d+)/edit',
    title: '编辑活动',
    needs: 'GET /v1/console/campaigns/{id}',
    show: () => import('./builder/builder-page.vue'),
  },
  {
    path: 'our-campaigns',
    title: '活动',
    needs: 'GET /v1/console/scoped-campaigns',
    show: () => import('./scoped-campaigns-page.vue'),
    menu: { group: '营销', icon: Present, order: 10 },
  },
];
