import { Platform1790000000100 } from './1790000000100-platform';
import { Catalogue1790000000200 } from './1790000000200-catalogue';
import { Members1790000000300 } from './1790000000300-members';
import { Payouts1790000000400 } from './1790000000400-payouts';
import { Analytics1790000000500 } from './1790000000500-analytics';

/** Forward only, in this order. A new one goes to the end. */
export const migrations = [
  Platform1790000000100,
  Catalogue1790000000200,
  Members1790000000300,
  Payouts1790000000400,
  Analytics1790000000500,
];
