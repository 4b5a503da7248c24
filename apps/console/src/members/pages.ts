import { User } from '@element-plus/icons-vue';
import type { ConsolePage } from '../page';

export const PAGES: readonly ConsolePage[] = [
  {
    path: 'members',
    title: '会员',
    needs: 'GET /v1/console/members',
    show: () => import('./members-page.vue'),
    menu: { group: '营销', icon: User, order: 20 },
  },
];
