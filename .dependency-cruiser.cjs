const { existsSync, readdirSync } = require('node:fs');

/**
 * Who may import whom: the table of the house, as one object; every rule below comes from it. To change a border change this
 * table and write down why.
 */
const BASE = ['kernel', 'config', 'observability', 'database', 'jobs'];
const LIBRARIES = {
  kernel: [],
  'api-client': [],
  // Colours, sizes and the mark of both web apps.
  brand: [],
  // How the builds of both web apps are made small.
  packing: [],
  servers: [],
  conditions: ['kernel'],
  config: ['kernel'],
  observability: ['kernel'],
  database: ['kernel', 'config', 'observability'],
  jobs: ['kernel', 'config', 'observability', 'database'],
  // jobs: one process at a time may refresh the access token, and that is a lease of jobs.
  wechat: ['kernel', 'config', 'observability', 'database', 'jobs'],
  regions: BASE,
  // analytics: the Scope that every console read demands is made by staff, and belongs to the reads.
  staff: [...BASE, 'analytics'],
  analytics: BASE,
  codes: [...BASE, 'staff'],
  risk: [...BASE, 'regions'],
  members: [...BASE, 'regions', 'analytics', 'staff', 'conditions'],
  payouts: [...BASE, 'members', 'wechat', 'analytics', 'staff'],
  // staff: who put a picture before everybody is written down.
  pictures: [...BASE, 'staff'],
  // pictures: a campaign names heroes and logos, and the linter asks whether they are there.
  campaigns: [...BASE, 'regions', 'codes', 'analytics', 'staff', 'conditions', 'pictures'],
  // members: a clerk is a member, and whose name is forgotten there is forgotten here.
  channel: [...BASE, 'regions', 'codes', 'analytics', 'payouts', 'members', 'staff'],
  // regions: the place of an address is checked; codes: what a store hands over is a product with a name; wechat: winners are reminded.
  // staff: who takes addresses out must have the right to, and it is written down.
  rewards: [...BASE, 'regions', 'codes', 'campaigns', 'members', 'channel', 'payouts', 'wechat', 'staff'],
  // What people write to us, and what we answer: it stands beside the story of a scan, and no other domain needs it.
  // pictures: a complaint's photo is recognised and cleaned like every other picture.
  service: [...BASE, 'members', 'staff', 'pictures'],
};
// The story of a scan sees every domain; the harness sees everything, and only tests see the harness.
LIBRARIES.scans = Object.keys(LIBRARIES).filter(
  (name) => !['servers', 'api-client', 'brand', 'packing'].includes(name),
);
LIBRARIES.testing = Object.keys(LIBRARIES);

const ANY = Object.keys(LIBRARIES).filter((name) => name !== 'testing');
const APPS = {
  api: ANY,
  worker: ANY,
  h5: ['api-client', 'brand', 'packing'],
  console: ['api-client', 'brand', 'packing'],
  'wechat-sandbox': [],
  local: ['servers'],
  rehearsal: ['api-client', 'kernel'],
};
/** Measuring and simulating may enter any library by its door. */
const INSIDE = ['^apps/rehearsal/src/bench/', '^apps/rehearsal/src/simulate/'];

/** Servers written the textbook way, to be measured against. */
const PEERS = '^apps/rehearsal/src/bench/peers/';

/** Packages that belong to one room: pattern of the package → where it may be imported. */
const PACKAGES = {
  bullmq: { package: '(@nestjs/)?bullmq|@bull-board/[^/]+', rooms: ['^libs/(jobs|testing)/', PEERS] },
  typeorm: {
    package: '(@nestjs/)?typeorm',
    rooms: [
      '\\.(entity|repository)\\.ts$',
      '^libs/(database|testing)/',
      '^migrations/',
      '^libs/analytics/src/read-models/',
      PEERS,
    ],
  },
  'http-client': {
    package: 'axios|undici|got|node-fetch|@nestjs/axios|wechatpay-axios-plugin|wechatpay-node-v3',
    rooms: ['^libs/(wechat|webhooks)/', '^apps/rehearsal/'],
  },
};

const TESTS = '(\\.spec\\.ts|[.-](e2e|browser)-spec\\.ts|\\.contract\\.ts)$|^apps/[^/]+/test/';
const SOURCES = '\\.(ts|mts|cts|mjs|cjs|js|vue)$';
const inside = (names) => (names.length === 0 ? '^$' : `^libs/(${names.join('|')})/`);

const libraryRules = Object.entries(LIBRARIES)
  .filter(([name]) => name !== 'testing')
  .map(([name, may]) => ({
    name: `library-${name}`,
    comment: `libs/${name} may import: ${may.join(', ') || 'no library'}`,
    severity: 'error',
    from: { path: `^libs/${name}/`, pathNot: TESTS },
    to: { path: '^libs/', pathNot: inside([name, ...may]) },
  }));

// A test may build its rows through neighbours, but it enters them by the door like anybody.
const appRules = Object.entries(APPS).map(([name, may]) => ({
  name: `app-${name}`,
  comment: `apps/${name} may import: ${may.join(', ') || 'no library'}`,
  severity: 'error',
  from: { path: `^apps/${name}/`, pathNot: name === 'rehearsal' ? [TESTS, ...INSIDE] : TESTS },
  to: { path: '^libs/', ...(may.length > 0 && { pathNot: inside(may) }) },
}));

const packageRules = Object.entries(PACKAGES).map(([name, { package: pattern, rooms }]) => ({
  name: `package-${name}`,
  comment: `${pattern} only in ${rooms.join(' ')}`,
  severity: 'error',
  from: { path: `^(apps|libs|migrations)/.*${SOURCES}`, pathNot: [...rooms, TESTS] },
  to: { path: `(^|/)node_modules/(${pattern})(/|$)` },
}));

/** A folder that the table does not know ends the check: a new room starts with a line above. */
for (const [folder, known] of Object.entries({ libs: Object.keys(LIBRARIES), apps: Object.keys(APPS) })) {
  const entries = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  const strangers = entries.filter((entry) => entry.isDirectory() && !known.includes(entry.name));
  if (strangers.length === 0) continue;
  const names = strangers.map((entry) => `${folder}/${entry.name}`).join(', ');
  throw new Error(`not in the table of .dependency-cruiser.cjs: ${names}`);
}

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...libraryRules,
    ...appRules,
    ...packageRules,
    {
      name: 'doors-only',
      comment: 'Enter a library by its index.ts (index.mjs)',
      severity: 'error',
      from: { path: '^(?:(libs|apps)/([^/]+)|(migrations))/' },
      to: { path: '^libs/[^/]+/', pathNot: ['^libs/[^/]+/src/index\\.(ts|mjs)$', '^$1/$2/'] },
    },
    {
      name: 'no-app-imports-an-app',
      severity: 'error',
      from: { path: '^(?:apps/([^/]+)|libs|migrations)/', pathNot: [TESTS, '^libs/testing/'] },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'tests-enter-only-the-launcher',
      comment: 'A test that needs a running system starts it as people do; a phone and a desk may meet in one story',
      severity: 'error',
      from: { path: ['^apps/([^/]+)/.*(?:spec\\.ts|contract\\.ts)$', '^apps/([^/]+)/test/', '^libs/(?!testing/)()'] },
      to: {
        path: '^apps/',
        pathNot: ['^apps/$1/', '^apps/local/system\\.mjs$', '^apps/local/test/', '^apps/console/test/desk\\.ts$'],
      },
    },
    {
      name: 'harness-drives-the-sandbox',
      comment: 'libs/testing may start the whole system, or the stand-in WeChat alone; no other app',
      severity: 'error',
      from: { path: '^libs/testing/' },
      to: { path: '^apps/', pathNot: ['^apps/local/system\\.mjs$', '^apps/wechat-sandbox/'] },
    },
    {
      name: 'testing-only-in-tests',
      severity: 'error',
      from: { path: '^(apps|libs|migrations)/', pathNot: [TESTS, '^libs/testing/'] },
      to: { path: '^libs/testing/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'not-to-unresolvable',
      comment: 'Also catches deep imports such as @app/codes/src/x, which no path maps',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '\\.(css|svg|png)$|^virtual:' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|fixtures|coverage)/|^apps/h5/vite' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.mts', '.mjs', '.cjs', '.js', '.vue', '.json', '.d.ts'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
