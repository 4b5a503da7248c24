import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ensureChromium } from './chromium.mjs';
import { ensurePackages, requireNode } from './packages.mjs';
import { runCommand } from './stopping.mjs';
import { startSystem } from './system.mjs';

/**
 * `npm run budget`: what the first page of each web app costs, measured in Chromium with empty caches against a whole system made for it.
 * Bytes are as they come over the wire (compressed), times are from the tap to the paint, medians of `VISITS` visits. Ends with 1 when
 * a size or a count is over its limit; times are printed beside theirs and judged by people.
 */
const VISITS = 5;
const KB = 1024;
const IN_WECHAT =
  'Mozilla/5.0 (Linux; Android 14; 23127PN0CC) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36 MicroMessenger/8.0.50 NetType/WIFI Language/zh_CN';
const PHONE = { viewport: { width: 375, height: 812 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
/** Lighthouse's "slow 4G" and its processor. */
const WEAK = { latency: 150, downloadThroughput: (1.6 * KB * KB) / 8, uploadThroughput: (0.75 * KB * KB) / 8 };
const WEAK_PROCESSOR = 4;

async function main() {
  requireNode();
  await ensurePackages();
  await ensureBuilt();
  const executablePath = await ensureChromium();
  const { chromium } = await import('playwright-core');
  const dataDir = mkdtempSync(join(tmpdir(), 'yima-budget-'));
  const system = await startSystem({ dataDir, profile: 'rehearsal', ports: 'free', seed: true, quiet: true });
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const bottles = codesOnSheet(readFileSync(system.demo.qrSheetPath, 'utf8'));
    const people = Array.from({ length: 2 * VISITS }, (_, at) => `u${String(at + 1).padStart(2, '0')}`);
    const scan = (weak) => () =>
      visitPhone(browser, system.urls, { user: people.shift(), code: bottles.shift(), weak });
    const phone = await repeat(scan(false));
    const weak = await repeat(scan(true));
    const desk = await repeat(() => visitConsole(browser, system));
    return report({ phone, weak, desk });
  } finally {
    await browser.close();
    await system.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const codesOnSheet = (html) => [
  ...new Set((html.match(/\b[0-9A-Z](?:-[0-9A-Z]{4}){4}\b/g) ?? []).map((text) => text.replaceAll('-', ''))),
];

async function repeat(visit) {
  const visits = [];
  for (let count = 0; count < VISITS; count++) visits.push(await visit());
  return visits;
}

/** A stranger in WeChat: sign-in, scan, verdict, all from one tap on an address that this phone never saw. */
async function visitPhone(browser, urls, { user, code, weak }) {
  const context = await browser.newContext({ ...PHONE, locale: 'zh-CN', userAgent: IN_WECHAT });
  const page = await context.newPage();
  await page.goto(`${urls.sandboxOpen}/me?sandbox_user=${user}`);
  const watch = await watched(context, page, urls.home, weak);
  await page.goto(`${urls.home}/${code}`);
  await page.locator('h1').waitFor();
  const answerMs = watch.elapsed();
  await page.waitForLoadState('networkidle');
  const seen = watch.seen();
  await context.close();
  return { ...seen, answerMs };
}

/** The owner opens the console with a session and empty caches; the sign-in page is the same script without the overview. */
async function visitConsole(browser, { urls, demo }) {
  const { login, password } = demo.logins[0];
  const known = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' });
  const answer = await known.request.post(`${urls.home}/v1/console/login`, {
    data: { login, password },
    headers: { 'x-requested-with': 'yima' },
  });
  if (!answer.ok()) throw new Error(`sign-in was answered ${answer.status()}`);
  const storageState = await known.storageState();
  await known.close();
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', storageState });
  const page = await context.newPage();
  const watch = await watched(context, page, urls.home, false);
  await page.goto(`${urls.home}/console/`);
  await page.locator('nav[aria-label=主菜单] a').first().waitFor();
  await page.locator('h1').first().waitFor();
  // A page that answers a turn of its own loop within a frame is one that a person can use.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0))));
  const answerMs = watch.elapsed();
  const usable = watch.seen();
  await page.waitForLoadState('networkidle', { timeout: 5_000 }).catch(() => undefined); // Live figures never end.
  const whole = watch.seen();
  await context.close();
  return { ...usable, answerMs, wholeScriptBytes: whole.scriptBytes };
}

/** Counts what the page fetches from now on. */
async function watched(context, page, home, weak) {
  const wire = await context.newCDPSession(page);
  await wire.send('Network.enable');
  await wire.send('Page.enable');
  await wire.send('Page.setLifecycleEventsEnabled', { enabled: true });
  if (weak) {
    await wire.send('Network.emulateNetworkConditions', { offline: false, ...WEAK });
    await wire.send('Emulation.setCPUThrottlingRate', { rate: WEAK_PROCESSOR });
  }
  const requests = new Map();
  let begunAt = null;
  let paintedAt = null;
  wire.on('Network.requestWillBeSent', ({ requestId, request, type, timestamp }) => {
    begunAt ??= timestamp;
    requests.set(requestId, { own: request.url.startsWith(home), type, bytes: 0, cached: false });
  });
  wire.on(
    'Network.requestServedFromCache',
    ({ requestId }) => requests.get(requestId) && (requests.get(requestId).cached = true),
  );
  wire.on('Network.responseReceived', ({ requestId, response }) => {
    if (response.fromDiskCache && requests.has(requestId)) requests.get(requestId).cached = true;
  });
  wire.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (requests.has(requestId)) requests.get(requestId).bytes = encodedDataLength;
  });
  wire.on('Page.lifecycleEvent', ({ name, timestamp }) => {
    if (name === 'firstContentfulPaint' && begunAt !== null) paintedAt ??= timestamp;
  });
  const startedAt = performance.now();
  return {
    elapsed: () => performance.now() - startedAt,
    seen: () => {
      const fetched = [...requests.values()].filter(({ own, cached }) => own && !cached);
      const sum = (rows) => rows.reduce((all, { bytes }) => all + bytes, 0);
      return {
        scriptBytes: sum(fetched.filter(({ type }) => type === 'Script')),
        allBytes: sum(fetched),
        requests: fetched.length,
        paintMs: paintedAt === null ? NaN : (paintedAt - begunAt) * 1000,
      };
    },
  };
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

function report({ phone, weak, desk }) {
  const rows = [];
  let over = 0;
  const row = (what, visits, of, unit, limit, strict) => {
    const value = median(visits.map(of));
    const within = limit === null || value <= limit;
    if (strict && !within) over++;
    const limitText = limit === null ? '' : `at most ${limit} ${unit}${within ? '' : '   OVER'}`;
    rows.push(`  ${what.padEnd(58)}${`${value.toFixed(unit === 'KB' ? 1 : 0)} ${unit}`.padStart(12)}   ${limitText}`);
  };
  const kb = (of) => (visit) => of(visit) / KB;
  rows.push('H5: a stranger scans a bottle in WeChat, sign-in included');
  row(
    'JavaScript, compressed',
    phone,
    kb((visit) => visit.scriptBytes),
    'KB',
    120,
    true,
  );
  row(
    'everything from our own server, compressed',
    phone,
    kb((visit) => visit.allBytes),
    'KB',
    null,
    false,
  );
  row('requests to our own server', phone, (visit) => visit.requests, '', 20, true);
  row('first content', phone, (visit) => visit.paintMs, 'ms', 1_000, false);
  row('verdict on screen', phone, (visit) => visit.answerMs, 'ms', null, false);
  rows.push(`H5 on a weak phone: 1.6 Mbit/s, 150 ms, processor ${WEAK_PROCESSOR} times slower`);
  row('first content', weak, (visit) => visit.paintMs, 'ms', null, false);
  row('verdict on screen', weak, (visit) => visit.answerMs, 'ms', null, false);
  rows.push('Console: the overview with empty caches');
  row(
    'JavaScript until it can be used, compressed',
    desk,
    kb((visit) => visit.scriptBytes),
    'KB',
    300,
    true,
  );
  row(
    'with its charts, which come when it stands',
    desk,
    kb((visit) => visit.wholeScriptBytes),
    'KB',
    null,
    false,
  );
  row('requests to our own server until then', desk, (visit) => visit.requests, '', null, false);
  row('first content', desk, (visit) => visit.paintMs, 'ms', null, false);
  row('can be used', desk, (visit) => visit.answerMs, 'ms', 1_500, false);
  console.log(`\n${rows.join('\n')}\n`);
  return over === 0 ? 0 : 1;
}

await runCommand(main);
