import type { ConsolePage } from './page';
import { PAGES as campaigns } from './campaigns/pages';
import { PAGES as channel } from './channel/pages';
import { PAGES as codes } from './codes/pages';
import { PAGES as finance } from './finance/pages';
import { PAGES as members } from './members/pages';
import { PAGES as overview } from './overview/pages';
import { PAGES as scans } from './scans/pages';
import { PAGES as service } from './service/pages';
import { PAGES as staff } from './staff/pages';

/** Every page of the console. */
export const ALL_PAGES: readonly ConsolePage[] = [
  ...[...overview, ...scans, ...campaigns, ...members],
  ...[...codes, ...service, ...finance, ...channel, ...staff],
];
