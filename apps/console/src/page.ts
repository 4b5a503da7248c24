import type { Component } from 'vue';
import type { ApiPaths } from '@app/api-client';

type Path = Extract<keyof ApiPaths, `/v1/console/${string}`>;
/** A console route as the server's table of rights names it. */
export type ConsoleRoute = `${'GET' | 'POST' | 'PUT' | 'DELETE'} ${Path}`;

/** Groups of the menu, in the order they stand in. */
export const MENU_GROUPS = ['', '营销', '商品与码', '服务', '财务', '渠道', '管理'] as const;
export type MenuGroup = (typeof MENU_GROUPS)[number];

/**
 * One page of the console. Every room lists its own in `<room>/pages.ts`; router and menu are made from all of them. Who has a page follows
 * from the server's one table of rights: `needs` is a route that the page cannot do without.
 */
export interface ConsolePage {
  /** Below `/console/`, with `:id` for parameters. */
  readonly path: string;
  readonly title: string;
  readonly needs?: ConsoleRoute;
  readonly show: () => Promise<unknown>;
  /** Absent: not in the menu. `order` sorts within the group. */
  readonly menu?: { readonly group: MenuGroup; readonly icon: Component; readonly order: number };
  /** Without the frame of menu and head, as the big screen is. */
  readonly bare?: true;
}
