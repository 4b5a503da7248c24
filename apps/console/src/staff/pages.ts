import type { ConsolePage } from '../page';

export const PAGES: readonly ConsolePage[] = [];
