// Looks at the built page in every state: feeds recorded answers, takes one picture each. Proves appearance only;
// *.browser-spec.ts proves behaviour against the running system.
//   npx vite build apps/h5 && node apps/h5/test/states.mjs OUT_DIR [part of a name] [--every] [--only=@dark]
// --every: all states in all variants (dark, 360 wide, large system fonts, WeChat's own font size). It also measures that all words can
// be read: contrast, nothing cut, nothing on top of each other.
import { createServer } from 'node:http';
import { mkdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { chromium } from 'playwright-core';
import { create } from 'qrcode';
import { illegible } from './legible.mjs';
import { memberAnswer, MEMBER_STATES, MEMBER_VARIED } from './member-states.mjs';
import {
  authorisation,
  award,
  boot,
  dealtCodes,
  me,
  mixedWallet,
  money,
  myPhone,
  notice,
  emptyMoney,
  looks,
  path,
  pools,
  prizes,
  proofs,
  regions,
  reward,
  scans,
  wallet,
  wins,
} from './recorded-answers.mjs';

const dist = join(import.meta.dirname, '../dist');
const [outArgument, only = ''] = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const out = outArgument ?? join(import.meta.dirname, '../dist-states');
const every = process.argv.includes('--every');
const onlyVariant = process.argv.find((word) => word.startsWith('--only='))?.slice('--only='.length) ?? null;
const IN_WECHAT =
  'Mozilla/5.0 (Linux; Android 14; 23127PN0CC) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36 MicroMessenger/8.0.50 NetType/WIFI Language/zh_CN';
// What an advertiser might upload, drawn.
const HERO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1125 375"><rect width="1125" height="375" fill="#2a2350"/><circle cx="900" cy="120" r="64" fill="#f6e2b5"/><path d="M0 375Q300 210 620 300T1125 250V375Z" fill="#5b4ab0"/><path d="M0 375Q260 300 560 350T1125 320V375Z" fill="#8f7fe0"/><text x="70" y="150" font-size="74" font-weight="700" fill="#fff">夏夜开盖有礼</text><text x="74" y="220" font-size="36" fill="#d9d2ff">冰一瓶，乘凉去</text></svg>`;
const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 72"><circle cx="36" cy="36" r="30" fill="#5b4ab0"/><path d="M24 40q12-22 24 0" stroke="#fff" stroke-width="6" fill="none"/><text x="80" y="50" font-size="40" font-weight="700" fill="#332963">夏夜季</text></svg>`;
const KINDS = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.html': 'text/html' };

// WeChat's script, cut down to what the page asks of it here.
const script = (transfer) => `(() => {
  let ready = () => undefined;
  window.wx = { config: () => setTimeout(() => ready(), 5), ready: (then) => { ready = then; }, error: () => undefined,
    hideMenuItems: () => undefined, checkJsApi: (options) => options.success({ checkResult: { requestMerchantTransfer: true } }),
    getLocation: (options) => options.fail({ errMsg: 'getLocation:fail auth deny' }) };
  window.WeixinJSBridge = { invoke: (_name, _options, then) => ${transfer} };
})();`;

const openIt = async (page) => {
  await page.click('.envelope');
  await page.waitForTimeout(1800);
};
/** The ticket of a fresh coupon comes into view when the envelope has had its moment. */
const openTicket = async (page) => {
  await openIt(page);
  await page.waitForTimeout(1500);
};
const tap =
  (text, wait = 600) =>
  async (page) => {
    await page.getByText(text).first().click();
    await page.waitForTimeout(wait);
  };
const inSequence =
  (...steps) =>
  async (page) => {
    for (const step of steps) await step(page);
  };
/** The symbol as the server draws it. */
function qrSvg(text) {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const side = modules.size + 8;
  const dark = [...modules.data].flatMap((bit, at) =>
    bit ? [`M${(at % modules.size) + 4} ${Math.floor(at / modules.size) + 4}h1v1h-1z`] : [],
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${side}v${side}H0z"/><path d="${dark.join('')}"/></svg>`;
}
const fillAddress = async (page) => {
  await page.getByLabel('收货人').fill('林小禾');
  await page.getByRole('textbox', { name: '手机号' }).fill('138 0000 1234');
  await page.getByLabel('省', { exact: true }).selectOption('安徽省');
  await page.getByLabel('市', { exact: true }).selectOption('合肥市');
  await page.getByLabel('区县').selectOption('蜀山区');
  await page.getByLabel('详细地址').fill('望江西路 100 号 3 栋 502');
};
/** The builder's message to the page that it frames. */
const framed = (scene, look, hour = 'day', prize = { kind: 'cash', name: '现金红包', amountFen: 188 }) => ({
  path: '/h5/preview',
  act: async (page) => {
    const message = { kind: 'yima.preview', scene, hour, title: '青禾夏日 · 开盖有礼', look, prize };
    await page.evaluate((sent) => window.postMessage(sent, location.origin), message);
    await page.waitForTimeout(900);
  },
});
const toTheEnd = async (page) => {
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await page.waitForTimeout(400);
};
const settled = award('settled', '已到账');
const mine = (state) => ({ ...scans.mine, reward: reward({ state, stateText: '' }) });

/** name → what the server answers, what the person does. */
const STATES = {
  loading: { scan: 'never' },
  'loading-slow': { scan: 'never', wait: 4600 },
  'first-closed': { scan: scans.firstPeach },
  'first-closed-lime': { scan: scans.firstLime },
  'first-closed-oolong': { scan: scans.firstOolong },
  'first-opening': {
    scan: scans.firstPeach,
    act: async (page) => {
      await page.click('.envelope');
      await page.waitForTimeout(560);
    },
  },
  'first-opened': { scan: scans.firstPeach, act: openIt },
  'first-opened-888': { scan: scans.firstOolong, act: openIt },
  nothing: { scan: scans.nothing },
  'look-leaf': { scan: { ...scans.firstPeach, look: looks.leaf } },
  'look-leaf-opened': { scan: { ...scans.firstPeach, look: looks.leaf }, act: openIt },
  'look-leaf-nothing': { scan: { ...scans.nothing, look: looks.leaf } },
  'look-leaf-coupon': { scan: { ...wins(prizes.coupon), look: looks.leaf }, award: prizes.coupon, act: openTicket },
  'look-own': { scan: { ...scans.firstPeach, look: looks.own } },
  'look-own-opened': { scan: { ...scans.firstPeach, look: looks.own }, act: openIt },
  'look-own-nothing': { scan: { ...scans.nothing, look: looks.own } },
  'look-own-award-goods': { path: '/h5/awards/W8N4', award: { ...prizes.goodsGiven, look: looks.own } },
  'look-own-award-nothing': {
    path: '/h5/awards/W8N4',
    award: award('none', '谢谢参与', { kind: 'nothing', prizeName: '谢谢参与', amountFen: null, look: looks.own }),
  },
  'look-own-award': { path: '/h5/awards/W8N4', award: award('ready', '待领取', { look: looks.own }) },
  'look-strange': { scan: { ...scans.firstPeach, look: { ...looks.leaf, theme: 'from-tomorrow' } } },
  'preview-empty': { path: '/h5/preview', userAgent: 'Mozilla/5.0 (Windows NT 10.0)' },
  'preview-closed': framed('closed', looks.own),
  'preview-won': framed('won', looks.leaf),
  'preview-thanks': framed('thanks', looks.own),
  'preview-night': framed('closed', looks.own, 'night'),
  'preview-night-won': framed('won', looks.leaf, 'night'),
  'preview-night-thanks': framed('thanks', null, 'night'),
  'repeat-mine': { scan: scans.mine },
  'repeat-mine-settled': { scan: scans.mineSettled },
  'repeat-mine-nothing': { scan: scans.mineNothing },
  'repeat-wins': { scan: scans.repeatWins },
  'verify-only': { scan: scans.verifyOnly },
  'repeat-others': { scan: scans.others },
  'not-active': { scan: scans.notActive },
  recalled: { scan: scans.recalled },
  traced: { scan: scans.traced, act: toTheEnd },
  'dealt-opened': { scan: scans.dealt, act: openIt },
  frozen: { scan: scans.frozen },
  void: { scan: scans.void },
  expired: { scan: scans.expired },
  unknown: { scan: scans.unknown, status: 404 },
  'unknown-mistyped': {
    scan: scans.unknown,
    status: 404,
    act: async (page) => {
      await page.fill('#code-text', 'A-7K2M');
      await tap('核对这个码')(page);
    },
  },
  'place-needed': { scan: scans.placeNeeded },
  'place-refused': { scan: scans.placeNeeded, act: tap('开启定位再领') },
  'cap-reached': { scan: scans.capReached },
  'not-started': { scan: scans.notStarted },
  paused: { scan: scans.paused },
  'budget-short': { scan: scans.budgetShort },
  held: { scan: scans.held },
  'no-rule': { scan: scans.noRule },
  'gate-phone': { scan: scans.phoneGate },
  'gate-phone-asked': {
    scan: scans.phoneGate,
    act: async (page) => {
      await page.getByRole('textbox', { name: '手机号' }).fill('138 0000 1234');
      await page.getByRole('checkbox').check();
      await tap('获取验证码')(page);
      await page.getByRole('textbox', { name: '验证码' }).fill('123');
      await tap('绑定，领这瓶的奖')(page);
    },
  },
  'gate-phone-closed': { scan: scans.phoneGate, phone: { ...myPhone, available: false } },
  'gate-phone-second': { scan: scans.secondGate },
  'gate-follow': { scan: scans.followGate },
  'gate-share': { scan: scans.shareGate },
  'coupon-closed': { scan: wins(prizes.coupon) },
  'coupon-opened': { scan: wins(prizes.coupon), award: prizes.coupon, act: openTicket },
  'coupon-copied': { path: '/h5/awards/W8N4', award: prizes.coupon, act: tap('复制券码') },
  'coupon-partner': { path: '/h5/awards/W8N4', award: prizes.partnerCoupon },
  'coupon-lapsed': { path: '/h5/awards/W8N4', award: prizes.couponLapsed },
  'coupon-offline': {
    scan: wins(prizes.coupon),
    award: 'broken',
    act: inSequence(openIt, (page) => page.waitForTimeout(3500)),
  },
  'redeem-opened': { scan: wins(prizes.redeem), award: prizes.redeem, act: openTicket },
  'redeem-copay': { path: '/h5/awards/W8N4', award: prizes.coPay },
  'goods-opened': { scan: wins(prizes.goods), award: prizes.goods, act: openIt },
  'goods-form': { path: '/h5/awards/W8N4', award: prizes.goods },
  'goods-filled': { path: '/h5/awards/W8N4', award: prizes.goods, act: inSequence(fillAddress, tap('就寄到这里')) },
  'goods-saved': {
    path: '/h5/awards/W8N4',
    award: prizes.goods,
    address: prizes.goodsGiven,
    act: inSequence(fillAddress, (page) => page.getByRole('checkbox').check(), tap('就寄到这里')),
  },
  'goods-refused': {
    path: '/h5/awards/W8N4',
    award: prizes.goods,
    address: { error: { code: 'address_taken', message: '奖品已经在配货，地址不能再改了' } },
    addressStatus: 409,
    act: inSequence(fillAddress, (page) => page.getByRole('checkbox').check(), tap('就寄到这里')),
  },
  'goods-change': { path: '/h5/awards/W8N4', award: prizes.goodsGiven, act: tap('修改地址') },
  'goods-taken': { path: '/h5/awards/W8N4', award: prizes.goodsTaken },
  'locked-opened': { scan: wins(prizes.locked), award: prizes.locked, act: openIt },
  'locked-lapsed': { path: '/h5/awards/W8N4', award: prizes.lockedLapsed },
  'locked-money': { path: '/h5/awards/W8N4', award: prizes.lockedOpen },
  'opens-packet': { scan: scans.opensPacket },
  'opens-packet-opened': { scan: scans.opensPacket, act: openIt },
  'opens-and-nothing': { scan: scans.opensAndNothing },
  'wallet-mixed': { path: '/h5/wallet', wallet: mixedWallet },
  'money-preparing': {
    scan: scans.firstPeach,
    claim: award('preparing', '正在准备'),
    award: award('preparing', '正在准备'),
    act: inSequence(openIt, tap(/^收款$/)),
  },
  'money-slow': {
    scan: scans.firstPeach,
    claim: award('preparing', '正在准备'),
    award: award('preparing', '正在准备'),
    act: inSequence(openIt, tap(/^收款$/, 16000)),
  },
  'money-in-wechat': {
    scan: scans.firstPeach,
    claim: award('confirm', '待确认收款'),
    act: inSequence(openIt, tap(/^收款$/)),
  },
  'money-cancelled': {
    scan: scans.firstPeach,
    transfer: "then({ err_msg: 'requestMerchantTransfer:cancel' })",
    claim: award('confirm', '待确认收款'),
    award: award('confirm', '待确认收款'),
    act: inSequence(openIt, tap(/^收款$/, 1200)),
  },
  'money-settled': {
    scan: scans.firstPeach,
    transfer: "then({ err_msg: 'requestMerchantTransfer:ok' })",
    claim: award('confirm', '待确认收款'),
    refresh: settled,
    award: settled,
    act: inSequence(openIt, tap(/^收款$/, 1200)),
  },
  'money-confirm': { scan: mine('confirm'), award: award('confirm', '待确认收款') },
  'money-processing': { scan: mine('processing'), award: award('processing', '到账中') },
  'money-expired': { scan: mine('expired'), award: award('expired', '可再领一次') },
  'money-failed': { scan: mine('failed'), award: award('failed', '未转成') },
  'money-offline': {
    scan: scans.firstPeach,
    claim: 'broken',
    act: inSequence(openIt, tap(/^收款$/, 4500)),
  },
  'trouble-offline': { scan: 'broken', wait: 5000 },
  'trouble-busy': { scan: { error: { code: 'busy', message: '' } }, status: 503, wait: 5000 },
  'trouble-too-fast': {
    scan: { error: { code: 'too_fast', message: '' } },
    status: 429,
    headers: { 'retry-after': '12' },
  },
  'trouble-malformed': { scan: { error: { code: 'malformed_code', message: '' } }, status: 400 },
  wallet: { path: '/h5/wallet' },
  'wallet-gathering': { path: '/h5/wallet', money: money([pools.gathering]) },
  'wallet-pool-full': {
    path: '/h5/wallet',
    money: money([pools.full], { gatheringFen: 0, waitingFen: 1193 }),
    authorisation: { ...authorisation, offered: true },
  },
  'wallet-pool-preparing': {
    path: '/h5/wallet',
    money: money([pools.full]),
    claimed: money([pools.preparing]),
    act: tap(/^收款$/, 900),
  },
  'wallet-pool-confirm': { path: '/h5/wallet', money: money([pools.gathering, pools.confirm]) },
  'wallet-pool-held': { path: '/h5/wallet', money: money([pools.held]) },
  'wallet-authorised': {
    path: '/h5/wallet',
    authorisation: { ...authorisation, state: 'on', hint: '已开通：奖励自动存入微信零钱，随时可以关闭' },
  },
  'award-confirm': {
    path: '/h5/awards/W8N4',
    award: award('confirm', '待确认', { expiresAt: new Date(Date.now() + 8 * 60_000).toISOString() }),
  },
  'award-gathering': {
    path: '/h5/awards/W8N4',
    award: award('gathering', '累计中', {
      amountFen: 20,
      hint: '已累计 0.65 元，满 1.00 元就能提现，还差 0.35 元',
      pool: { poolId: 'p1:1:1:1', untilFen: 100, gatheredFen: 65 },
    }),
  },
  'wallet-empty': { path: '/h5/wallet', wallet: { items: [], nextCursor: null }, money: emptyMoney },
  'wallet-offline': { path: '/h5/wallet', wallet: 'broken', wait: 5000 },
  'award-ready': { path: '/h5/awards/W8N4', award: award('ready', '待领取') },
  'award-missing': { path: '/h5/awards/W8N4', award: { error: { code: 'not_found', message: '' } }, awardStatus: 404 },
  me: { path: '/h5/me', me: me({ key: 'gold', name: '金卡' }) },
  'me-phone': {
    path: '/h5/me',
    phone: { ...myPhone, bound: true, masked: '138****1234' },
    act: async (page) => {
      await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
      await tap('解绑')(page);
    },
  },
  'me-platinum-naming': {
    path: '/h5/me',
    me: me({ key: 'platinum', name: '白金卡' }),
    act: tap('改昵称'),
  },
  'me-platinum': { path: '/h5/me', me: me({ key: 'platinum', name: '白金卡' }) },
  'me-regular': { path: '/h5/me', me: me({ key: 'regular', name: '普卡' }) },
  'me-new': {
    path: '/h5/me',
    wallet: { items: [], nextCursor: null },
    me: { ...me(null), scans: 0, wins: 0, spendFen: 0, receivedFen: 0 },
  },
  ...MEMBER_STATES,
  'sorry-denied': { path: '/h5/sorry?reason=oauth_denied&return=/x' },
  'sorry-loop': { path: '/h5/sorry?reason=oauth_loop&return=/x' },
  'sorry-snapshot': { path: '/h5/sorry?reason=snapshot&return=/x' },
  'sorry-wechat-busy': { path: '/h5/sorry?reason=wechat_busy&return=/x' },
  'sorry-campaign-over': { path: '/h5/sorry?reason=campaign_over' },
  'sorry-not-found': { path: '/h5/elsewhere' },
  'type-code': { path: '/h5/code' },
  notice: { path: '/h5/campaigns/3/notice' },
  'notice-missing': { path: '/h5/campaigns/9/notice', notice: { error: { code: 'no_campaign' } }, noticeStatus: 404 },
  'proof-sealed': { path: '/h5/campaigns/3/proof', proof: proofs.sealed },
  'proof-open': { path: '/h5/campaigns/3/proof' },
  'proof-verified': {
    path: '/h5/campaigns/3/proof',
    act: inSequence(tap('我来验证'), tap('全部算一遍', 1500), toTheEnd),
  },
  'proof-wrong-seed': {
    path: '/h5/campaigns/3/proof',
    proof: proofs.wrongSeed,
    act: inSequence(tap('我来验证'), toTheEnd),
  },
  'proof-wrong-table': {
    path: '/h5/campaigns/3/proof',
    proof: proofs.wrongTable,
    act: inSequence(tap('我来验证'), toTheEnd),
  },
  'proof-none': { path: '/h5/campaigns/3/proof', proof: proofs.none },
  'proof-outside': {
    path: '/h5/campaigns/3/proof',
    userAgent: 'Mozilla/5.0 (Windows NT 10.0)',
    act: inSequence(tap('我来验证'), toTheEnd),
  },
  outside: { userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604.1' },
  'outside-desktop-wechat': { userAgent: 'Mozilla/5.0 (Windows NT 10.0) MicroMessenger/7.0 WindowsWechat' },
};

const VARIANTS = {
  '': {},
  '@360': { viewport: { width: 360, height: 640 } },
  '@dark': { colorScheme: 'dark' },
  '@large': { large: true },
  // WeChat's own slider on iOS; on a small phone in the dark, so that all troubles come together.
  '@wechat-font': { viewport: { width: 360, height: 640 }, colorScheme: 'dark', adjust: '140%' },
};
const VARIED = new Set([
  'recalled',
  'traced',
  'gate-follow',
  'notice',
  'proof-open',
  'proof-verified',
  'coupon-opened',
  'redeem-opened',
  'goods-form',
  'locked-opened',
  'opens-packet',
  'wallet-mixed',
  'gate-phone',
  'first-closed',
  'first-opened',
  'first-opened-888',
  'nothing',
  'look-leaf',
  'look-leaf-opened',
  'look-own',
  'look-own-opened',
  'look-own-nothing',
  'repeat-others',
  'unknown',
  'place-refused',
  'cap-reached',
  'money-settled',
  'wallet',
  'wallet-gathering',
  'wallet-pool-full',
  'wallet-pool-confirm',
  'me',
  'outside',
  'trouble-offline',
  'void',
  ...MEMBER_VARIED,
]);

function serve() {
  const server = createServer((request, response) => {
    const name = new URL(request.url ?? '/', 'http://x').pathname.replace(/^\/h5\//, '');
    const file = /^(assets\/[\w.-]+|favicon\.svg)$/.test(name) ? name : 'index.html';
    response.setHeader('content-type', KINDS[extname(file)] ?? 'application/octet-stream');
    response.end(readFileSync(join(dist, file)));
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

async function answers(page, state) {
  const reply = (route, body, status = 200, headers = {}) => {
    if (body === 'never') return undefined;
    if (body === 'broken') return route.abort('internetdisconnected');
    return route.fulfill({ status, headers, json: body });
  };
  await page.route('https://wechat.invalid/**', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: script(state.transfer ?? 'undefined') }),
  );
  await page.route('**/pictures/*', (route) => {
    const body = route.request().url().endsWith('logo') ? LOGO : HERO;
    return route.fulfill({ contentType: 'image/svg+xml', body });
  });
  await page.route('**/v1/h5/**', (route) => {
    const url = new URL(route.request().url()).pathname;
    if (url.endsWith('/boot')) return reply(route, boot);
    const member = memberAnswer(url, route.request().method(), state);
    if (member !== null) return reply(route, ...member);
    if (url.endsWith('/scans')) return reply(route, state.scan, state.status, state.headers);
    if (url.endsWith('/v1/h5/authorisation')) return reply(route, state.authorisation ?? authorisation);
    if (url.endsWith('/v1/h5/reminders')) return reply(route, state.reminders ?? { templateId: null, agreed: false });
    if (url.endsWith('/v1/h5/money')) return reply(route, state.money ?? money());
    if (url.includes('/v1/h5/money/pools/')) return reply(route, state.claimed ?? state.money ?? money());
    if (url.endsWith('/claim')) return reply(route, state.claim ?? award('preparing', '正在准备'));
    if (url.endsWith('/refresh')) return reply(route, state.refresh ?? state.award ?? award('confirm', '待确认收款'));
    if (url.endsWith('/qr.svg'))
      return route.fulfill({
        contentType: 'image/svg+xml',
        body: qrSvg(state.award?.coupon?.code ?? state.award?.redeem?.token ?? '-'),
      });
    if (url.endsWith('/me/phone')) return reply(route, state.phone ?? myPhone);
    if (url.endsWith('/me/phone/code')) return reply(route, { expiresInSeconds: 300, retryAfterSeconds: 60 }, 202);
    if (url.endsWith('/regions'))
      return reply(route, regions[new URL(route.request().url()).searchParams.get('under') ?? ''] ?? []);
    if (url.endsWith('/address')) return reply(route, state.address, state.addressStatus);
    if (url.endsWith('/awards')) return reply(route, state.wallet ?? wallet);
    if (url.endsWith('/me')) return reply(route, state.me ?? me({ key: 'gold', name: '金卡' }));
    if (url.endsWith('/notice')) return reply(route, state.notice ?? notice, state.noticeStatus);
    if (url.endsWith('/proof')) return reply(route, state.proof ?? proofs.open);
    if (url.endsWith('/proof/codes')) return reply(route, dealtCodes);
    if (url.endsWith('/js-config'))
      return reply(route, { appId: boot.appId, timestamp: 1, nonceStr: 'n', signature: 's' });
    return reply(route, state.award ?? award('ready', '待领取'), state.awardStatus);
  });
}

async function picture(browser, origin, name, state, variantName, variant) {
  const context = await browser.newContext({
    viewport: variant.viewport ?? { width: 375, height: 812 },
    colorScheme: variant.colorScheme ?? 'light',
    deviceScaleFactor: 2,
    // A phone's browser honours text-size-adjust, a desk's does not.
    isMobile: variant.adjust !== undefined,
    locale: 'zh-CN',
    timezoneId: 'Europe/Paris', // The words must be Beijing time anyway.
    userAgent: state.userAgent ?? IN_WECHAT,
  });
  const page = await context.newPage();
  const faults = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (
      message.type() === 'warning' ||
      (message.type() === 'error' && !message.text().includes('Failed to load resource'))
    )
      faults.push(message.text());
  });
  await answers(page, state);
  await page.goto(origin + (state.path ?? path));
  if (variant.large) await page.addStyleTag({ content: 'html{font-size:130%}' });
  if (variant.adjust)
    await page.addStyleTag({
      content: `body{-webkit-text-size-adjust:${variant.adjust}!important;text-size-adjust:${variant.adjust}!important}`,
    });
  await page.waitForTimeout(state.wait ?? 900);
  await state.act?.(page);
  await page.screenshot({ path: join(out, `${name}${variantName}.png`) });
  const width = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  if (width > 0) faults.push(`wider than the screen by ${width} px`);
  faults.push(...(await page.evaluate(illegible)));
  process.stdout.write(`${name}${variantName} ${height}px ${faults.join(' | ')}\n`);
  await context.close();
  return faults.length;
}

mkdirSync(out, { recursive: true });
const server = await serve();
const origin = `http://127.0.0.1:${server.address().port}`;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
let faults = 0;
for (const [name, state] of Object.entries(STATES)) {
  for (const [variantName, variant] of Object.entries(VARIANTS)) {
    if (onlyVariant !== null && variantName !== onlyVariant) continue;
    if (variantName !== '' && !every && !VARIED.has(name)) continue;
    if (!`${name}${variantName}`.includes(only)) continue;
    faults += await picture(browser, origin, name, state, variantName, variant);
  }
}
await browser.close();
server.close();
process.exitCode = faults === 0 ? 0 : 1;
