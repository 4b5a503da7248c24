import { DocumentChecked, OfficeBuilding, Shop } from '@element-plus/icons-vue';
import type { ConsolePage } from '../page';

export const PAGES: readonly ConsolePage[] = [
  {
    path: 'distributors',
    title: '经销商',
    needs: 'GET /v1/console/distributors',
    show: () => import('./distributors-page.vue'),
    menu: { group: '渠道', icon: OfficeBuilding, order: 10 },
  },
  {
    path: 'stores',
    title: '终端门店',
    needs: 'GET /v1/console/stores',
    show: () => import('./stores-page.vue'),
    menu: { group: '渠道', icon: Shop, order: 20 },
  },
  {
    path: 'redemption-sheets',
    title: '兑付对账',
    needs: 'GET /v1/console/redemption-sheets',
    show: () => import('./sheets-page.vue'),
    menu: { group: '渠道', icon: DocumentChecked, order: 30 },
  },
  {
    path: 'redemption-sheets/:distributorId/:month',
    title: '兑付对账单',
    needs: 'GET /v1/console/redemption-sheets',
    show: () => import('./sheet-page.vue'),
  },
];
