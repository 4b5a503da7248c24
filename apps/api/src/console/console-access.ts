import { Defect } from '@app/kernel';
import type { Role } from '@app/staff';

/** Everybody may ask: for signing in and out. */
export type Access = readonly Role[] | 'anyone';

const ANYONE: Access = 'anyone';
/** Everybody who signed in: both sides, scoped. */
const STAFF: Access = [
  ...(['owner', 'marketer', 'approver', 'finance', 'service', 'risk', 'auditor'] as const),
  ...(['distributor', 'distributor_staff'] as const),
];
/** What somebody does with the own account, an auditor included. */
const SELF: Access = [...STAFF];
/** Whoever works at headquarters. */
const HQ: Access = ['owner', 'marketer', 'approver', 'finance', 'service', 'risk'];
const OWNER: Access = ['owner'];
const MARKETING: Access = ['owner', 'marketer'];
/** Codes that must stop or may start: whoever sees the alarm first. */
const CODE_STATES: Access = ['owner', 'marketer', 'service', 'risk'];
/** Who leaked codes: whoever might have done it is not told. */
const RISK: Access = ['owner', 'risk'];
const MONEY: Access = ['owner', 'finance'];
/** Asking for money to spend. */
const SPENDING: Access = ['owner', 'marketer', 'finance'];
/** The second pair of eyes. Four eyes hold by person, whatever the roles are. */
const APPROVAL: Access = ['owner', 'approver'];
const MONEY_APPROVAL: Access = ['owner', 'approver', 'finance'];
/** What goes wrong with a payout, a prize or a member, and is put right by people. */
const CASES: Access = ['owner', 'finance', 'service', 'risk'];
/** What members are told, and what they are sent. */
const SERVICE: Access = ['owner', 'service'];
/** Personal records of members. */
const MEMBERS: Access = ['owner', 'marketer', 'service', 'risk'];
/** Accounts: the owner's all, marketing's those of dealers, a dealer's its staff. Which ones is staff's rule. */
const PEOPLE: Access = ['owner', 'marketer', 'distributor'];
const PEOPLE_SEEN: Access = [...HQ, 'distributor'];
/** Who did what, and how the system is set up. */
const AUDIT: Access = ['owner'];
/** Stores and dealers, each side its own. */
const CHANNEL: Access = ['owner', 'marketer', 'service', 'distributor'];
/** What stores handed over is settled between headquarters' finance and the distributor. */
const SETTLEMENT: Access = ['owner', 'finance', 'distributor'];

/** What only the other side has a page for; headquarters has its own. */
const DEALERS: Access = ['distributor', 'distributor_staff'];

/**
 * Who may ask what: every console route has a row, and a route without one is refused. What of an answer somebody sees is decided by
 * the scope that comes from the session, never from the query.
 */
const ROWS: Readonly<Record<string, Access>> = {
  'POST /v1/console/login': ANYONE,
  'POST /v1/console/logout': ANYONE,
  'GET /v1/console/me': SELF,
  'POST /v1/console/links/read': ANYONE,
  'POST /v1/console/links/use': ANYONE,
  'POST /v1/console/password': SELF,
  'GET /v1/console/sessions': SELF,
  'POST /v1/console/sessions/:id/end': SELF,
  'GET /v1/console/second-factor': SELF,
  'POST /v1/console/second-factor': SELF,
  'POST /v1/console/second-factor/confirm': SELF,
  'POST /v1/console/second-factor/recovery-codes': SELF,
  'POST /v1/console/second-factor/remove': SELF,

  'GET /v1/console/products': HQ,
  'GET /v1/console/scoped-products': DEALERS,
  'POST /v1/console/products': MARKETING,
  'GET /v1/console/products/:id': HQ,
  'PUT /v1/console/products/:id': MARKETING,
  'POST /v1/console/products/:id/prices': MARKETING,

  'GET /v1/console/code-batches': HQ,
  'GET /v1/console/code-batches/:id': HQ,
  'POST /v1/console/code-batches': MARKETING,
  'POST /v1/console/code-batches/:id/issue': MARKETING,
  'GET /v1/console/code-batches/:id/segments': HQ,
  'POST /v1/console/code-batches/:id/segments': CODE_STATES,
  'POST /v1/console/code-batches/:id/segments/end-recall': CODE_STATES,
  'POST /v1/console/code-batches/:id/end-recall': CODE_STATES,
  'POST /v1/console/code-batches/:id/freeze': CODE_STATES,
  'POST /v1/console/code-batches/:id/unfreeze': CODE_STATES,
  'GET /v1/console/code-batches/:id/codes.csv': MARKETING,
  'GET /v1/console/code-batches/:id/qr-sheet': MARKETING,

  'GET /v1/console/code-packs': HQ,
  'POST /v1/console/code-packs': MARKETING,
  'POST /v1/console/code-packs/:id/approve': APPROVAL,
  'POST /v1/console/code-packs/:id/refuse': APPROVAL,
  'POST /v1/console/code-packs/:id/withdraw': MARKETING,
  'GET /v1/console/code-packs/:id/codes.csv': MARKETING,
  'GET /v1/console/code-packs/:id/codes.zip': MARKETING,
  'GET /v1/console/code-packs/:id/rolls': HQ,
  'GET /v1/console/code-packs/:id/honey-codes': RISK,

  'GET /v1/console/lots': HQ,
  'POST /v1/console/lots': MARKETING,
  'POST /v1/console/lots/:id/bindings': MARKETING,
  'PUT /v1/console/lots/:id/stages': MARKETING,
  'POST /v1/console/lots/:id/recall': CODE_STATES,
  'POST /v1/console/lots/:id/end-recall': CODE_STATES,

  'GET /v1/console/budgets': HQ,
  'POST /v1/console/budgets': SPENDING,
  'POST /v1/console/budgets/:id/grants': SPENDING,
  'GET /v1/console/budgets/:id/statement': HQ,
  'GET /v1/console/grants': HQ,
  'POST /v1/console/grants/:id/approve': MONEY_APPROVAL,
  'POST /v1/console/grants/:id/reject': MONEY_APPROVAL,
  'POST /v1/console/grants/:id/withdraw': SPENDING,

  'GET /v1/console/corrections': HQ,
  'POST /v1/console/corrections': MONEY,
  'POST /v1/console/corrections/:id/approve': MONEY_APPROVAL,
  'POST /v1/console/corrections/:id/reject': MONEY_APPROVAL,
  'POST /v1/console/corrections/:id/withdraw': MONEY,

  'GET /v1/console/write-offs': HQ,
  'GET /v1/console/write-offs.csv': HQ,
  'GET /v1/console/write-offs.xlsx': HQ,
  'GET /v1/console/write-offs/:id': HQ,
  'GET /v1/console/write-offs/:id/lines': HQ,
  'GET /v1/console/write-offs/:id/lines.csv': HQ,
  'GET /v1/console/write-offs/:id/lines.xlsx': HQ,
  'POST /v1/console/write-offs': MONEY,
  'PUT /v1/console/write-offs/:id': MONEY,
  'POST /v1/console/write-offs/:id/sign': MONEY,
  'POST /v1/console/write-offs/:id/approve': MONEY_APPROVAL,
  'POST /v1/console/write-offs/:id/void': MONEY,

  'GET /v1/console/statements': HQ,
  'GET /v1/console/statements.csv': HQ,
  'GET /v1/console/statements.xlsx': HQ,

  'GET /v1/console/campaigns': HQ,
  'GET /v1/console/campaigns/:id': HQ,
  'POST /v1/console/campaigns': MARKETING,
  'PUT /v1/console/campaigns/:id/draft': MARKETING,
  'POST /v1/console/campaigns/:id/clone': MARKETING,
  'POST /v1/console/campaigns/:id/submit': MARKETING,
  'POST /v1/console/campaigns/:id/approve': APPROVAL,
  'POST /v1/console/campaigns/:id/reject': APPROVAL,
  'POST /v1/console/campaigns/:id/withdraw': MARKETING,
  'GET /v1/console/campaigns/:id/submissions': HQ,
  'GET /v1/console/campaign-approvals': HQ,
  'GET /v1/console/campaigns/:id/versions': HQ,
  'GET /v1/console/campaigns/:id/versions/:versionNo': HQ,
  'GET /v1/console/campaigns/:id/diff': HQ,
  'GET /v1/console/campaigns/:id/burn': HQ,
  'GET /v1/console/campaigns/:id/funnel': STAFF,
  'GET /v1/console/campaigns/:id/live': HQ,
  'GET /v1/console/campaigns/:id/regions': STAFF,
  'GET /v1/console/campaign-totals': STAFF,
  'GET /v1/console/scoped-campaigns': DEALERS,
  'GET /v1/console/regions': STAFF,
  'POST /v1/console/campaigns/:id/start-burst': MARKETING,
  'POST /v1/console/campaigns/:id/stop-burst': CODE_STATES,
  'POST /v1/console/campaigns/:id/pause': CODE_STATES,
  'POST /v1/console/campaigns/:id/resume': MARKETING,
  'POST /v1/console/campaigns/:id/end': MARKETING,
  'GET /v1/console/campaign-fields': HQ,
  'GET /v1/console/campaign-templates': HQ,
  'POST /v1/console/campaigns::check': MARKETING,
  'GET /v1/console/pictures': MARKETING,
  'POST /v1/console/pictures': MARKETING,
  'POST /v1/console/campaigns/:id/dry-run': MARKETING,
  'POST /v1/console/campaigns/:id/replays': MARKETING,
  'GET /v1/console/campaigns/:id/replays': HQ,
  'GET /v1/console/campaigns/:id/replays/:replayId': HQ,
  'POST /v1/console/campaigns/:id/replays/:replayId/cancel': MARKETING,
  'GET /v1/console/campaigns/:id/experiment': HQ,

  'GET /v1/console/coupon-pools': HQ,
  'GET /v1/console/coupon-pools/:id': HQ,
  'GET /v1/console/coupon-pools/:id/imports/:importId': HQ,
  'PUT /v1/console/coupon-pools/:id': MARKETING,
  'POST /v1/console/coupon-pools': MARKETING,
  'POST /v1/console/coupon-pools/:id/imports': MARKETING,
  'POST /v1/console/coupon-pools/:id/imports.txt': MARKETING,

  'GET /v1/console/code-alarms': HQ,

  'GET /v1/console/risk-clues/busy-members': MEMBERS,
  'GET /v1/console/risk-clues/shared-codes': MEMBERS,
  'GET /v1/console/risk-clues/leaked-packs': RISK,
  'GET /v1/console/risk-clues/leaked-packs/:id/scans': RISK,
  'POST /v1/console/risk-clues/leaked-packs/:id/close': RISK,

  'GET /v1/console/fulfilment/orders': CASES,
  'GET /v1/console/fulfilment/counts': CASES,
  'GET /v1/console/fulfilment/exports': CASES,
  'POST /v1/console/fulfilment/exports': SERVICE,
  'GET /v1/console/fulfilment/exports/:id/orders.csv': SERVICE,
  'GET /v1/console/fulfilment/exports/:id/orders.xlsx': SERVICE,
  'POST /v1/console/fulfilment/tracking': SERVICE,
  'POST /v1/console/fulfilment/tracking.csv': SERVICE,

  'GET /v1/console/complaints': CASES,
  'GET /v1/console/complaints/:id': CASES,
  'GET /v1/console/complaints/:id/photos/:position': CASES,
  'POST /v1/console/complaints/:id/reply': SERVICE,
  'POST /v1/console/complaints/:id/close': SERVICE,

  'GET /v1/console/scans': STAFF,
  'GET /v1/console/scans/:id/money': HQ,
  'GET /v1/console/scans/decision-check': HQ,
  'GET /v1/console/scans/:id/explanation': HQ,

  'GET /v1/console/members': MEMBERS,
  'GET /v1/console/members/:id': MEMBERS,
  'POST /v1/console/members::tag': MARKETING,
  'POST /v1/console/members::untag': MARKETING,
  'GET /v1/console/tags': HQ,

  'GET /v1/console/audience-fields': HQ,
  'GET /v1/console/audiences': HQ,
  'GET /v1/console/audiences/:id/members': MEMBERS,
  'GET /v1/console/audiences/:id': HQ,
  'GET /v1/console/audiences/:id/size': HQ,
  'POST /v1/console/audiences': MARKETING,
  'POST /v1/console/audiences::preview': MARKETING,
  'PUT /v1/console/audiences/:id': MARKETING,
  'POST /v1/console/audiences/:id/archive': MARKETING,
  'POST /v1/console/audiences/:id/members': MARKETING,
  'POST /v1/console/audiences/:id/members/remove': MARKETING,

  'GET /v1/console/payouts': HQ,
  'GET /v1/console/payouts/:payoutKey/evidence': HQ,
  'POST /v1/console/payouts/:payoutKey/decisions': CASES,
  'GET /v1/console/money-decisions': HQ,
  'GET /v1/console/money-decisions/:id': HQ,
  'PUT /v1/console/money-decisions/:id': CASES,
  'POST /v1/console/money-decisions/:id/approve': MONEY_APPROVAL,
  'POST /v1/console/money-decisions/:id/refuse': MONEY_APPROVAL,
  'POST /v1/console/money-decisions/:id/withdraw': CASES,
  'GET /v1/console/money-cases': HQ,
  'GET /v1/console/money-cases/counts': HQ,
  'GET /v1/console/money-cases/:id': HQ,
  'POST /v1/console/money-cases/:id/assign': CASES,
  'POST /v1/console/money-cases/:id/notes': CASES,
  'POST /v1/console/money-cases/:id/ask-wechat': CASES,
  'POST /v1/console/money-cases/:id/close': CASES,
  'GET /v1/console/dead-jobs': HQ,
  'GET /v1/console/dead-jobs/:id': HQ,
  'POST /v1/console/dead-jobs/:id/replay': CASES,
  'POST /v1/console/dead-jobs/:id/give-up': CASES,
  'GET /v1/console/finance': HQ,
  'GET /v1/console/finance/stuck': HQ,
  'GET /v1/console/ledger/summary': HQ,
  'GET /v1/console/merchant-accounts': HQ,
  'GET /v1/console/channel-answers': HQ,

  'GET /v1/console/reconciliation': HQ,
  'POST /v1/console/reconciliation': MONEY,
  'GET /v1/console/reconciliation/:mchId/:day': HQ,
  'GET /v1/console/reconciliation/:mchId/:day/differences': HQ,
  'GET /v1/console/reconciliation/:mchId/:day/differences.csv': HQ,

  'GET /v1/console/distributors': STAFF,
  'POST /v1/console/distributors': MARKETING,
  'GET /v1/console/distributors/:id': STAFF,
  'PUT /v1/console/distributors/:id': MARKETING,
  'POST /v1/console/distributors/:id/status': MARKETING,
  'GET /v1/console/distributors/:id/territories': STAFF,
  'POST /v1/console/distributors/:id/territories': MARKETING,
  'POST /v1/console/territories/:id/end': MARKETING,

  'GET /v1/console/stores': STAFF,
  'GET /v1/console/stores/:id': STAFF,
  'POST /v1/console/stores': CHANNEL,
  'PUT /v1/console/stores/:id': CHANNEL,
  'POST /v1/console/stores/:id/status': CHANNEL,
  'GET /v1/console/stores/:id/binding': CHANNEL,
  'GET /v1/console/stores/:id/binding.svg': CHANNEL,
  'POST /v1/console/stores/:id/binding/renew': CHANNEL,
  'GET /v1/console/store-clerks': CHANNEL,
  'POST /v1/console/store-clerks/:id/confirm': CHANNEL,
  'POST /v1/console/store-clerks/:id/refuse': CHANNEL,
  'POST /v1/console/store-clerks/:id/remove': CHANNEL,

  'GET /v1/console/redemptions': STAFF,
  'GET /v1/console/redemptions.csv': STAFF,
  'GET /v1/console/redemptions.xlsx': STAFF,
  'GET /v1/console/redemption-sheets': STAFF,
  'GET /v1/console/redemption-sheets/:distributorId': STAFF,
  'GET /v1/console/redemption-sheets/:distributorId/:month': STAFF,
  'GET /v1/console/redemption-sheets/:distributorId/:month/lines': STAFF,
  'GET /v1/console/redemption-sheets/:distributorId/:month/lines.csv': STAFF,
  'GET /v1/console/redemption-sheets/:distributorId/:month/lines.xlsx': STAFF,
  'POST /v1/console/redemption-sheets/:distributorId/:month/credits': MONEY,
  'POST /v1/console/redemption-sheets/:distributorId/:month/credits/:id/void': MONEY,
  'POST /v1/console/redemption-sheets/:distributorId/:month/disputes': SETTLEMENT,
  'POST /v1/console/redemption-sheets/:distributorId/:month/disputes/:id/answer': SETTLEMENT,
  'POST /v1/console/redemption-sheets/:distributorId/:month/disputes/:id/settle': SETTLEMENT,
  'POST /v1/console/redemption-sheets/:distributorId/:month/confirm': SETTLEMENT,

  'GET /v1/console/operators': PEOPLE_SEEN,
  'GET /v1/console/operators/:id/sessions': PEOPLE,
  'POST /v1/console/operators': PEOPLE,
  'POST /v1/console/operators/:id/invite-again': PEOPLE,
  'POST /v1/console/operators/:id/reset': PEOPLE,
  'POST /v1/console/operators/:id/unlock': PEOPLE,
  'POST /v1/console/operators/:id/disable': PEOPLE,
  'POST /v1/console/operators/:id/enable': PEOPLE,
  'POST /v1/console/operators/:id/end-sessions': PEOPLE,
  'PUT /v1/console/operators/:id/roles': PEOPLE,
  'PUT /v1/console/operators/:id/rights': OWNER,
  'POST /v1/console/role-requests/:id/approve': APPROVAL,
  'POST /v1/console/role-requests/:id/reject': APPROVAL,
  'POST /v1/console/role-requests/:id/withdraw': OWNER,

  'GET /v1/console/approvals': HQ,
  'GET /v1/console/audit': AUDIT,
  'GET /v1/console/audit/verdict': AUDIT,
  'GET /v1/console/settings': AUDIT,

  'GET /v1/console/live': STAFF,
  'GET /v1/console/reports/today': STAFF,
  'GET /v1/console/reports/figures': STAFF,
  'GET /v1/console/reports/trend': STAFF,
  'GET /v1/console/reports/items': STAFF,
  'GET /v1/console/reports/budgets': HQ,
  'GET /v1/console/reports/waiting': STAFF,
  'GET /v1/console/reports/fold-progress': STAFF,
  'GET /v1/console/reports/places': STAFF,
  'GET /v1/console/reports/region-table': STAFF,
  'GET /v1/console/reports/region-table.csv': STAFF,
  'GET /v1/console/reports/region-table.xlsx': STAFF,
  'GET /v1/console/reports/comparison': STAFF,
  'GET /v1/console/reports/store-ranking': STAFF,
  'GET /v1/console/report-settings': STAFF,
  'PUT /v1/console/report-settings': OWNER,
};

/** Reading that hands out what can be used up: live codes are money, and an auditor needs none. */
const NOT_FOR_AUDITORS: ReadonlySet<string> = new Set([
  'GET /v1/console/code-batches/:id/codes.csv',
  'GET /v1/console/code-batches/:id/qr-sheet',
  'GET /v1/console/code-packs/:id/codes.csv',
  'GET /v1/console/code-packs/:id/codes.zip',
  'GET /v1/console/code-packs/:id/honey-codes',
]);

/**
 * Who may ask what: ROWS, and two roles that are never more than readers, whatever a row says: an auditor reads what headquarters reads, a
 * distributor's staff what their distributor reads. Only what is about one's own account (SELF) is everybody's.
 */
export const CONSOLE_ACCESS: Readonly<Record<string, Access>> = Object.fromEntries(
  Object.entries(ROWS).map(([route, access]) => [route, withReaders(route, access)]),
);

function withReaders(route: string, access: Access): Access {
  if (access === 'anyone' || access === SELF) return access;
  const workers = access.filter((role) => role !== 'auditor' && role !== 'distributor_staff');
  if (!route.startsWith('GET ')) return workers;
  const audited = access.includes('owner') && !NOT_FOR_AUDITORS.has(route);
  const staffed = access.includes('distributor_staff');
  return [...workers, ...(audited ? ['auditor' as const] : []), ...(staffed ? ['distributor_staff' as const] : [])];
}

/** The row of a route as Fastify names it; HEAD asks what GET would answer. */
export function accessOf(method: string, pattern: string): Access | null {
  return CONSOLE_ACCESS[`${method === 'HEAD' ? 'GET' : method} ${pattern}`] ?? null;
}

/** What everybody does with the own account, before roles were granted and before a phone was enrolled. */
export function isAboutOneself(access: Access | null): boolean {
  return access === SELF;
}

export function allows(access: Access | null, roles: readonly Role[]): boolean {
  return access === 'anyone' || access === SELF || (access?.some((role) => roles.includes(role)) ?? false);
}

/** Every route that somebody with these roles may ask, with parameters as OpenAPI writes them: `GET /v1/console/products/{id}`. */
export function routesOf(roles: readonly Role[]): string[] {
  return Object.entries(CONSOLE_ACCESS)
    .filter(([, access]) => allows(access, roles))
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
