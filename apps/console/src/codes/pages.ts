import { Goods, Grid } from '@element-plus/icons-vue';
import type { ConsolePage } from '../page';

export const PAGES: readonly ConsolePage[] = [
  {
    path: 'products',
    title: '产品',
    needs: 'GET /v1/console/products',
    show: () => import('./products-page.vue'),
    menu: { group: '商品与码', icon: Goods, order: 10 },
  },
  {
    path: 'batches',
    title: '码批次',
    needs: 'GET /v1/console/code-batches',
    show: () => import('./batches-page.vue'),
    menu: { group: '商品与码', icon: Grid, order: 20 },
  },
];
