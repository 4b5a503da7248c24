import { Box, Goods, Grid, Warning } from '@element-plus/icons-vue';
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
    path: 'our-products',
    title: '产品',
    needs: 'GET /v1/console/scoped-products',
    show: () => import('./scoped-products-page.vue'),
    menu: { group: '商品与码', icon: Goods, order: 10 },
  },
  {
    path: 'batches',
    title: '码批次',
    needs: 'GET /v1/console/code-batches',
    show: () => import('./batches-page.vue'),
    menu: { group: '商品与码', icon: Grid, order: 20 },
  },
  {
    path: 'batches/:id(\\d+)',
    title: '码批次',
    needs: 'GET /v1/console/code-batches/{id}',
    show: () => import('./batch-page.vue'),
  },
  {
    path: 'packs',
    title: '码包',
    needs: 'GET /v1/console/code-packs',
    show: () => import('./packs-page.vue'),
    menu: { group: '商品与码', icon: Box, order: 30 },
  },
  {
    path: 'leaked-packs',
    title: '码包泄露',
    needs: 'GET /v1/console/risk-clues/leaked-packs',
    show: () => import('./leaked-packs-page.vue'),
    menu: { group: '服务', icon: Warning, order: 60 },
  },
];
