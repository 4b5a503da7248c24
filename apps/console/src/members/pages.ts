import { Collection, User } from '@element-plus/icons-vue';
import type { ConsolePage } from '../page';

export const PAGES: readonly ConsolePage[] = [
  {
    path: 'members',
    title: '会员',
    needs: 'GET /v1/console/members',
    show: () => import('./members-page.vue'),
    menu: { group: '营销', icon: User, order: 20 },
  },
  {
    path: 'members/:id(\\d+)',
    title: '会员',
    needs: 'GET /v1/console/members/{id}',
    show: () => import('./member-page.vue'),
  },
  {
    path: 'audiences',
    title: '人群',
    needs: 'GET /v1/console/audiences',
    show: () => import('./audiences-page.vue'),
    menu: { group: '营销', icon: Collection, order: 30 },
  },
  {
    path: 'audiences/new',
    title: '新建人群',
    needs: 'POST /v1/console/audiences',
    show: () => import('./audiences-editor-page.vue'),
  },
  {
    path: 'audiences/:id(\\d+)',
    title: '人群',
    needs: 'GET /v1/console/audiences/{id}',
    show: () => import('./audiences-editor-page.vue'),
  },
];
