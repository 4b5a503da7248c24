// The states of a member's own rooms, and what the server answers in them. See states.mjs.
import {
  binding,
  complaints,
  erasure,
  fullPrivacy,
  goldTier,
  myData,
  pastScans,
  posts,
  privacy,
  settlement,
  storeDay,
  stores,
  tier,
} from './recorded-member.mjs';

const tap =
  (text, wait = 600) =>
  async (page) => {
    await page.getByText(text).first().click();
    await page.waitForTimeout(wait);
  };
const toTheEnd = async (page) => {
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await page.waitForTimeout(300);
};
const understood = (page) => page.getByRole('checkbox').check();
const inSequence =
  (...steps) =>
  async (page) => {
    for (const step of steps) await step(page);
  };

/** name → what the server answers, what the person does. */
export const MEMBER_STATES = {
  'tier-regular': { path: '/h5/tier' },
  'tier-gold': { path: '/h5/tier', tier: goldTier },
  'tier-top': {
    path: '/h5/tier',
    tier: { ...goldTier, key: 'platinum', name: '白金卡', spendFen: 126000, next: null, benefits: [] },
  },
  'tier-reached': {
    path: '/h5/tier',
    tier: tier({ spendFen: 21000, next: { name: '金卡', leastFen: 20000, missingFen: 0 } }),
  },
  'tier-young': { path: '/h5/tier', tier: tier({ spendFen: 0, lines: [], next: null, benefits: [] }) },
  'tier-offline': { path: '/h5/tier', tier: 'broken', wait: 5000 },
  'scans-mine': { path: '/h5/scans' },
  'scans-empty': { path: '/h5/scans', past: { items: [], nextCursor: null } },
  'scans-offline': { path: '/h5/scans', past: 'broken', wait: 5000 },
  'phone-bind': { path: '/h5/phone' },
  'me-rooms': { path: '/h5/me', act: toTheEnd },
  'me-naming': { path: '/h5/me', act: tap('改昵称') },
  'me-naming-refused': {
    path: '/h5/me',
    nicknameStatus: 422,
    act: inSequence(tap('改昵称'), (page) => page.getByLabel('昵称').fill('小禾\u200b'), tap('保存')),
  },
  'me-named': {
    path: '/h5/me',
    act: inSequence(
      tap('改昵称'),
      (page) => page.getByLabel('昵称').fill('山前小禾苗与半亩方塘的二十个字正好'),
      tap('保存'),
    ),
  },
  privacy: { path: '/h5/privacy' },
  'privacy-full': { path: '/h5/privacy', privacy: fullPrivacy },
  'privacy-consents': {
    path: '/h5/privacy',
    privacy: fullPrivacy,
    act: inSequence((page) => page.getByRole('button', { name: '撤回' }).nth(1).click(), toTheEnd),
  },
  'privacy-offline': { path: '/h5/privacy', privacy: 'broken', wait: 5000 },
  'data-copied': { path: '/h5/privacy/data', act: tap('复制全部') },
  'data-too-fast': { path: '/h5/privacy/data', data: { error: { code: 'too_fast', message: '' } }, dataStatus: 429 },
  erase: { path: '/h5/privacy/erase' },
  'erase-nothing-lost': { path: '/h5/privacy/erase', erasure: erasure({ losses: [] }) },
  'erase-waits': {
    path: '/h5/privacy/erase',
    erasure: erasure({
      blocks: [
        { what: 'money', words: '有 1.88 元正在微信里等您确认收款；收下它，或者等满 24 小时它自动退回，就可以注销' },
      ],
    }),
  },
  'erase-unread': { path: '/h5/privacy/erase', act: tap('继续注销') },
  'erase-sure': { path: '/h5/privacy/erase', act: inSequence(understood, tap('继续注销')) },
  'erase-changed': {
    path: '/h5/privacy/erase',
    eraseStatus: 409,
    act: inSequence(understood, tap('继续注销'), tap('确定注销')),
  },
  'erase-gone': { path: '/h5/privacy/erase', act: inSequence(understood, tap('继续注销'), tap('确定注销')) },
  complain: { path: '/h5/complain?scan=1' },
  complaints: { path: '/h5/complaints' },
  'complaints-write': { path: '/h5/complaints', act: tap('再说几句') },
  'complaints-empty': { path: '/h5/complaints', complaints: { items: [], nextCursor: null } },
  'store-desk': { path: '/h5/store', posts },
  'store-settlement': { path: '/h5/store/settlement', posts },
  'store-bind': { path: '/h5/store/bind/S1-7-1-0000000000000000' },
  'stores-districts': { path: '/h5/stores', wait: 2500 },
  help: { path: '/h5/help' },
  'help-open': { path: '/h5/help', act: tap('多久到账') },
};

/** Looked at small, in the dark and with large fonts too. */
export const MEMBER_VARIED = [
  ...[
    'tier-gold',
    'scans-mine',
    'phone-bind',
    'me-rooms',
    'me-naming',
    'me-named',
    'privacy-full',
    'privacy-consents',
    'data-copied',
  ],
  ...['erase', 'erase-sure', 'help-open', 'complain', 'complaints', 'complaints-write'],
  ...['store-desk', 'store-settlement', 'store-bind', 'stores-districts'],
];

/** `[body, status]` of a call to one of these rooms; null for any other call. */
export function memberAnswer(url, method, state) {
  if (url.endsWith('/v1/h5/complaints')) return [state.complaints ?? complaints];
  if (url.endsWith('/v1/h5/store/posts')) return [state.posts ?? { items: [] }];
  if (url.includes('/v1/h5/store/bindings/')) return [binding];
  if (url.endsWith('/redemptions')) return [storeDay];
  if (url.endsWith('/settlement')) return [settlement];
  if (url.endsWith('/v1/h5/stores')) return [stores];
  if (url.endsWith('/me/tier')) return [state.tier ?? tier()];
  if (url.endsWith('/me/scans')) return [state.past ?? pastScans];
  if (url.endsWith('/me/privacy')) return [state.privacy ?? privacy()];
  if (url.endsWith('/me/nickname') && state.nicknameStatus !== undefined)
    return [{ error: { code: 'bad_nickname', message: '昵称里有看不见的字符，请去掉再试' } }, state.nicknameStatus];
  if (url.endsWith('/me/nickname')) return [{ nickname: '山前小禾苗与半亩方塘的二十个字正好' }];
  if (url.endsWith('/me/data.json')) return [state.data ?? myData, state.dataStatus];
  if (!url.endsWith('/me/erasure')) return null;
  if (method === 'GET') return [state.erasure ?? erasure()];
  if (state.eraseStatus === undefined) return [{}, 200];
  const message = '您的奖励刚有变化，请再看一遍再决定';
  return [{ error: { code: 'erasure_changed', message } }, state.eraseStatus];
}
