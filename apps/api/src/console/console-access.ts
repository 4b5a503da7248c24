import { Defect } from '@app/kernel';
import type { Role } from '@app/staff';

/** Everybody may ask: for signing in and out. */
export type Access = readonly Role[] | 'anyone';

const ANYONE: Access = 'anyone';
const STAFF: Access = ['owner', 'hq', 'distributor'];
const HQ: Access = ['owner', 'hq'];
const OWNER: Access = ['owner'];

/**
 * Who may ask what: every console route has a row, and a route without one is refused. What of an answer somebody sees is decided by
 * the scope that comes from the session, never from the query.
 */
export const CONSOLE_ACCESS: Readonly<Record<string, Access>> = {
  'POST /v1/console/login': ANYONE,
  'POST /v1/console/logout': ANYONE,
  'GET /v1/console/me': STAFF,

  'GET /v1/console/products': HQ,
  'POST /v1/console/products': HQ,

  'GET /v1/console/code-batches': HQ,
  'GET /v1/console/code-batches/:id': HQ,
  'POST /v1/console/code-batches': HQ,
  'POST /v1/console/code-batches/:id/issue': HQ,
  'POST /v1/console/code-batches/:id/segments': HQ,
  'POST /v1/console/code-batches/:id/freeze': HQ,
  'POST /v1/console/code-batches/:id/unfreeze': HQ,
  'GET /v1/console/code-batches/:id/codes.csv': HQ,
  'GET /v1/console/code-batches/:id/qr-sheet': HQ,

  'GET /v1/console/lots': HQ,
  'POST /v1/console/lots': HQ,
  'POST /v1/console/lots/:id/bindings': HQ,

  'GET /v1/console/budgets': HQ,
  'POST /v1/console/budgets': HQ,
  'POST /v1/console/budgets/:id/grants': HQ,
  'GET /v1/console/budgets/:id/statement': HQ,
  'GET /v1/console/grants': HQ,
  'POST /v1/console/grants/:id/approve': HQ,
  'POST /v1/console/grants/:id/reject': HQ,
  'POST /v1/console/grants/:id/withdraw': HQ,

  'GET /v1/console/corrections': HQ,
  'POST /v1/console/corrections': HQ,
  'POST /v1/console/corrections/:id/approve': HQ,
  'POST /v1/console/corrections/:id/reject': HQ,
  'POST /v1/console/corrections/:id/withdraw': HQ,

  'GET /v1/console/write-offs': HQ,
  'GET /v1/console/write-offs.csv': HQ,
  'GET /v1/console/write-offs.xlsx': HQ,
  'GET /v1/console/write-offs/:id': HQ,
  'GET /v1/console/write-offs/:id/lines': HQ,
  'GET /v1/console/write-offs/:id/lines.csv': HQ,
  'GET /v1/console/write-offs/:id/lines.xlsx': HQ,
  'POST /v1/console/write-offs': HQ,
  'PUT /v1/console/write-offs/:id': HQ,
  'POST /v1/console/write-offs/:id/sign': HQ,
  'POST /v1/console/write-offs/:id/approve': HQ,
  'POST /v1/console/write-offs/:id/void': HQ,

  'GET /v1/console/statements': HQ,
  'GET /v1/console/statements.csv': HQ,
  'GET /v1/console/statements.xlsx': HQ,

  'GET /v1/console/campaigns': HQ,
  'GET /v1/console/campaigns/:id': HQ,
  'POST /v1/console/campaigns': HQ,
  'PUT /v1/console/campaigns/:id/draft': HQ,
  'POST /v1/console/campaigns/:id/clone': HQ,
  'POST /v1/console/campaigns/:id/submit': HQ,
  'POST /v1/console/campaigns/:id/approve': HQ,
  'POST /v1/console/campaigns/:id/reject': HQ,
  'POST /v1/console/campaigns/:id/withdraw': HQ,
  'GET /v1/console/campaigns/:id/submissions': HQ,
  'GET /v1/console/campaign-approvals': HQ,
  'GET /v1/console/campaigns/:id/versions': HQ,
  'GET /v1/console/campaigns/:id/versions/:versionNo': HQ,
  'GET /v1/console/campaigns/:id/diff': HQ,
  'GET /v1/console/campaigns/:id/burn': HQ,
  'GET /v1/console/campaigns/:id/funnel': STAFF,
  'GET /v1/console/campaign-totals': STAFF,
  'GET /v1/console/regions': STAFF,
  'POST /v1/console/campaigns/:id/start-burst': HQ,
  'POST /v1/console/campaigns/:id/stop-burst': HQ,
  'POST /v1/console/campaigns/:id/pause': HQ,
  'POST /v1/console/campaigns/:id/resume': HQ,
  'POST /v1/console/campaigns/:id/end': HQ,
  'GET /v1/console/campaign-fields': HQ,
  'GET /v1/console/campaign-templates': HQ,
  'POST /v1/console/campaigns::check': HQ,
  'POST /v1/console/campaigns/:id/dry-run': HQ,
  'POST /v1/console/campaigns/:id/replays': HQ,
  'GET /v1/console/campaigns/:id/replays': HQ,
  'GET /v1/console/campaigns/:id/replays/:replayId': HQ,
  'POST /v1/console/campaigns/:id/replays/:replayId/cancel': HQ,
  'GET /v1/console/campaigns/:id/experiment': HQ,

  'GET /v1/console/coupon-pools': HQ,
  'GET /v1/console/coupon-pools/:id': HQ,
  'GET /v1/console/coupon-pools/:id/imports/:importId': HQ,
  'POST /v1/console/coupon-pools': HQ,
  'POST /v1/console/coupon-pools/:id/imports': HQ,
  'POST /v1/console/coupon-pools/:id/imports.txt': HQ,

  'GET /v1/console/scans': HQ,
  'GET /v1/console/scans/decision-check': HQ,
  'GET /v1/console/scans/:id/explanation': HQ,

  'GET /v1/console/members': HQ,
  'GET /v1/console/members/:id': HQ,
  'POST /v1/console/members::tag': HQ,
  'POST /v1/console/members::untag': HQ,
  'GET /v1/console/tags': HQ,

  'GET /v1/console/audience-fields': HQ,
  'GET /v1/console/audiences': HQ,
  'GET /v1/console/audiences/:id': HQ,
  'GET /v1/console/audiences/:id/size': HQ,
  'POST /v1/console/audiences': HQ,
  'POST /v1/console/audiences::preview': HQ,
  'PUT /v1/console/audiences/:id': HQ,
  'POST /v1/console/audiences/:id/archive': HQ,
  'POST /v1/console/audiences/:id/members': HQ,
  'POST /v1/console/audiences/:id/members/remove': HQ,

  'GET /v1/console/payouts': HQ,
  'GET /v1/console/payouts/:payoutKey/evidence': HQ,
  'POST /v1/console/payouts/:payoutKey/decisions': HQ,
  'GET /v1/console/money-decisions': HQ,
  'GET /v1/console/money-decisions/:id': HQ,
  'PUT /v1/console/money-decisions/:id': HQ,
  'POST /v1/console/money-decisions/:id/approve': HQ,
  'POST /v1/console/money-decisions/:id/refuse': HQ,
  'POST /v1/console/money-decisions/:id/withdraw': HQ,
  'GET /v1/console/money-cases': HQ,
  'GET /v1/console/money-cases/counts': HQ,
  'GET /v1/console/money-cases/:id': HQ,
  'POST /v1/console/money-cases/:id/assign': HQ,
  'POST /v1/console/money-cases/:id/notes': HQ,
  'POST /v1/console/money-cases/:id/close': HQ,
  'GET /v1/console/dead-jobs': HQ,
  'GET /v1/console/dead-jobs/:id': HQ,
  'POST /v1/console/dead-jobs/:id/replay': HQ,
  'POST /v1/console/dead-jobs/:id/give-up': HQ,
  'GET /v1/console/finance': HQ,
  'GET /v1/console/finance/stuck': HQ,
  'GET /v1/console/ledger/summary': HQ,
  'GET /v1/console/merchant-accounts': HQ,
  'GET /v1/console/channel-answers': HQ,

  'GET /v1/console/reconciliation': HQ,
  'POST /v1/console/reconciliation': HQ,
  'GET /v1/console/reconciliation/:mchId/:day': HQ,
  'GET /v1/console/reconciliation/:mchId/:day/differences': HQ,
  'GET /v1/console/reconciliation/:mchId/:day/differences.csv': HQ,

  'GET /v1/console/distributors': STAFF,
  'POST /v1/console/distributors': HQ,
  'POST /v1/console/distributors/:id/territories': HQ,
  'POST /v1/console/territories/:id/end': HQ,

  'GET /v1/console/stores': STAFF,
  'GET /v1/console/stores/:id': STAFF,
  'POST /v1/console/stores': STAFF,
  'PUT /v1/console/stores/:id': STAFF,
  'POST /v1/console/stores/:id/status': STAFF,

  'POST /v1/console/operators': HQ,
  'PUT /v1/console/operators/:id/rights': OWNER,

  'GET /v1/console/reports/regions': STAFF,
  'GET /v1/console/reports/days': STAFF,
  'GET /v1/console/reports/overview': STAFF,
};

/** The row of a route as Fastify names it; HEAD asks what GET would answer. */
export function accessOf(method: string, pattern: string): Access | null {
  return CONSOLE_ACCESS[`${method === 'HEAD' ? 'GET' : method} ${pattern}`] ?? null;
}

/** Every route that a role may ask, with parameters as OpenAPI writes them: `GET /v1/console/products/{id}`. */
export function routesOf(role: Role): string[] {
  return Object.entries(CONSOLE_ACCESS)
    .filter(([, access]) => access === 'anyone' || access.includes(role))
    .map(([route]) => route.replaceAll(/(?<!:):(\w+)/g, '{$1}').replace('::', ':'));
}

const PREFIX = '/v1/console';

/** Boot fails when a console route has no row, or a row has no route. */
export function assertAccess(routes: readonly { readonly method: string; readonly url: string }[]): void {
  const served = routes.filter(({ url }) => url.startsWith(PREFIX)).map(({ method, url }) => `${method} ${url}`);
  const open = served.filter((route) => !route.startsWith('HEAD ') && !(route in CONSOLE_ACCESS));
  const idle = Object.keys(CONSOLE_ACCESS).filter((route) => !served.includes(route));
  if (open.length > 0) throw new Defect(`console routes without a row in CONSOLE_ACCESS: ${open.join(', ')}`);
  if (idle.length > 0) throw new Defect(`rows of CONSOLE_ACCESS without a route: ${idle.join(', ')}`);
}
