import {
  DataAnalysis,
  Goods,
  Grid,
  List,
  Money,
  Present,
  Shop,
  Tickets,
  User,
  OfficeBuilding,
} from '@element-plus/icons-vue';
import type { Component } from 'vue';

export interface MenuEntry {
  readonly path: string;
  readonly label: string;
  readonly icon: Component;
  /** Only headquarters have it. */
  readonly hq?: true;
}

export interface MenuGroup {
  readonly label: string | null;
  readonly entries: readonly MenuEntry[];
}

/** What stands on the left; groups that are empty for somebody do not appear. */
export const MENU: readonly MenuGroup[] = [
  {
    label: null,
    entries: [
      { path: '/', label: '总览', icon: DataAnalysis },
      { path: '/scans', label: '扫码记录', icon: List, hq: true },
    ],
  },
  {
    label: '营销',
    entries: [
      { path: '/campaigns', label: '活动', icon: Present, hq: true },
      { path: '/members', label: '会员', icon: User, hq: true },
    ],
  },
  {
    label: '商品与码',
    entries: [
      { path: '/products', label: '产品', icon: Goods, hq: true },
      { path: '/batches', label: '码批次', icon: Grid, hq: true },
    ],
  },
  {
    label: '财务',
    entries: [
      { path: '/budgets', label: '预算', icon: Money, hq: true },
      { path: '/payouts', label: '发放', icon: Tickets, hq: true },
    ],
  },
  {
    label: '渠道',
    entries: [
      { path: '/distributors', label: '经销商', icon: OfficeBuilding },
      { path: '/stores', label: '终端门店', icon: Shop },
    ],
  },
];
