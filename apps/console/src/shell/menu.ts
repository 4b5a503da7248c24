import { MENU_GROUPS, type ConsolePage } from '../page';
import { ALL_PAGES } from '../rooms';

export interface MenuSection {
  readonly label: string;
  readonly pages: readonly ConsolePage[];
}

/** What stands on the left for somebody who has these pages; groups that are empty do not appear. */
export function menuFor(has: (page: ConsolePage) => boolean): readonly MenuSection[] {
  return MENU_GROUPS.map((label) => ({
    label,
    pages: ALL_PAGES.filter((page) => page.menu?.group === label && has(page)).sort(
      (a, b) => a.menu!.order - b.menu!.order,
    ),
  })).filter(({ pages }) => pages.length > 0);
}
