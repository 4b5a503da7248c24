import { PaymentWire, RedpackApi, TransferBillsApi } from '@app/wechat';
import { openTestSandbox, type TestSandbox } from '@app/testing';
import { AuthorisationWire, type FrozenAuthorisation } from '../authorisations/authorisation-wire';
import type { AuthorisationAct, AuthorisationMeaning } from '../authorisations/authorisation-step';
import { CHANNEL_ERRORS, type ChannelCall } from './channel-errors';
import { failReason, FAIL_REASONS } from './fail-reasons';
import { newBillNo } from './payout-channel.contract';
import type { FrozenRequest, PayoutChannel } from './payout-channel';
import { RedpackChannel } from './redpack.channel';
import { TransferAuthorizedChannel } from './transfer-authorized.channel';
import { TransferConfirmChannel } from './transfer-confirm.channel';

/**
 * The classes of WeChat's error codes, written down a second time from WECHAT's own words and not from our tables. `not taken` keeps the
 * number and waits; `paused` stops the channel; `unclear` keeps the number and asks; `unclear!` also tells people; `no such bill` is not a
 * failure; `refused` needs a query to agree; `failed` is the one code that proves a failure by itself.
 */
type Class = 'not taken' | 'tomorrow' | 'paused' | 'unclear' | 'unclear!' | 'no such bill' | 'refused' | 'failed';

const V3_TOO_FAST = {
  FREQUENCY_LIMITED: 'not taken',
  FREQUENCY_LIMIT_EXCEED: 'not taken',
  RATELIMIT_EXCEEDED: 'not taken',
} as const;
const V3_EXISTS = {
  ALREADY_EXISTS: 'unclear!',
  RESOURCE_ALREADY_EXISTS: 'unclear!',
  RESOURCE_ALREADY_EXIST: 'unclear!',
} as const;
const V3_ANY = { ...V3_TOO_FAST, SYSTEM_ERROR: 'unclear', SIGN_ERROR: 'paused', NO_AUTH: 'paused' } as const;
const V3_WRONG = { PARAM_ERROR: 'unclear!', INVALID_REQUEST: 'unclear!' } as const;
const V3_SEND = { ...V3_ANY, ...V3_EXISTS, ...V3_WRONG, NOT_ENOUGH: 'paused', USER_ERROR: 'paused' } as const;
const V3_QUERY = { ...V3_ANY, ...V3_WRONG, NOT_FOUND: 'no such bill' } as const;

const CLASSES: Readonly<Record<string, Readonly<Record<string, Class>>>> = {
  'transfer_confirm_v3 send': V3_SEND,
  'transfer_confirm_v3 query': V3_QUERY,
  'transfer_confirm_v3 cancel': { ...V3_QUERY, INVALID_REQUEST: 'unclear' },
  'transfer_authorized_v3 send': V3_SEND,
  'transfer_authorized_v3 query': V3_QUERY,
  'transfer_authorized_v3 ask': { ...V3_ANY, ...V3_EXISTS, ...V3_WRONG, USER_ERROR: 'paused' },
  'transfer_authorized_v3 look': V3_QUERY,
  'transfer_authorized_v3 close': { ...V3_QUERY, INVALID_REQUEST: 'unclear' },
  'redpack_v2 send': {
    ...{ SYSTEMERROR: 'unclear', PROCESSING: 'unclear', FREQ_LIMIT: 'not taken', FATAL_ERROR: 'unclear!' },
    ...{ SENDNUM_LIMIT: 'tomorrow', RCVDAMOUNT_LIMIT: 'tomorrow', SENDAMOUNT_LIMIT: 'tomorrow' },
    ...{ NOTENOUGH: 'paused', CA_ERROR: 'paused', SIGN_ERROR: 'paused', XML_ERROR: 'paused' },
    ...{ API_METHOD_CLOSED: 'paused', ILLEGAL_APPID: 'paused', MSGAPPID_ERROR: 'paused', ACCEPTMODE_ERROR: 'paused' },
    ...{ RETURN_FAIL: 'paused', NO_AUTH: 'refused', OPENID_ERROR: 'refused', MONEY_LIMIT: 'refused' },
    ...{ PARAM_ERROR: 'refused', SEND_FAILED: 'failed' },
  },
  'redpack_v2 query': {
    ...{ NOT_FOUND: 'no such bill', SYSTEMERROR: 'unclear', FREQ_LIMIT: 'not taken', PARAM_ERROR: 'unclear!' },
    ...{ CA_ERROR: 'paused', SIGN_ERROR: 'paused', XML_ERROR: 'paused', RETURN_FAIL: 'paused' },
  },
};

const KIND: Readonly<Record<Class, object>> = {
  'not taken': { meaning: { kind: 'retry_same_id', when: 'soon' }, notAccepted: true },
  tomorrow: { meaning: { kind: 'retry_same_id', when: 'tomorrow' }, notAccepted: true },
  paused: { meaning: { kind: 'channel_blocked' }, notAccepted: true },
  unclear: { meaning: { kind: 'unknown', alarm: false }, notAccepted: false },
  'unclear!': { meaning: { kind: 'unknown', alarm: true }, notAccepted: false },
  'no such bill': { meaning: { kind: 'not_found' }, notAccepted: false },
  refused: { meaning: { kind: 'refused' }, notAccepted: false },
  failed: { meaning: { kind: 'failed' }, notAccepted: false },
};

let sandbox: TestSandbox;
let wire: PaymentWire;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  wire = new PaymentWire(sandbox.config({ waitsChange: { wechatTimeoutMs: 2_000 } }));
}, 60_000);
afterEach(() => sandbox.noFaults());
afterAll(async () => {
  wire?.onApplicationShutdown();
  await sandbox?.stop();
});

let people = 0;
const newPerson = () => sandbox.addUser(`row-${++people}`);
const authorisations = () => new AuthorisationWire(sandbox.config(), new TransferBillsApi(wire));
const asking = async (): Promise<FrozenAuthorisation> => {
  const outAuthorizationNo = `A${newBillNo().slice(1)}`;
  const openid = await newPerson();
  return authorisations().prepare({ outAuthorizationNo, mchId: sandbox.mchId, openid, displayName: '会员1' });
};
const agreed = async (): Promise<{ openid: string; authorizationNo: string }> => {
  const frozen = await asking();
  await authorisations().talk('ask', frozen);
  const { openid, out_authorization_no: authorizationNo } = frozen.body;
  await sandbox.admin('POST', `/authorizations/${authorizationNo}/agree`, {});
  return { openid, authorizationNo };
};

interface World {
  readonly channel: PayoutChannel;
  readonly scopes: Readonly<Partial<Record<ChannelCall, string>>>;
  request(): Promise<FrozenRequest>;
}
const plain = async (channel: PayoutChannel): Promise<FrozenRequest> =>
  channel.prepare({ billNo: newBillNo(), mchId: sandbox.mchId, amountFen: 188, openid: await newPerson() });

const WORLDS: Readonly<Record<string, () => World>> = {
  transfer_confirm_v3: () => {
    const channel = new TransferConfirmChannel(sandbox.config(), new TransferBillsApi(wire));
    const scopes = { send: 'transfer.create', query: 'transfer.query', cancel: 'transfer.cancel' };
    return { channel, scopes, request: () => plain(channel) };
  },
  transfer_authorized_v3: () => {
    const channel = new TransferAuthorizedChannel(sandbox.config(), new TransferBillsApi(wire));
    const request = async () =>
      channel.prepare({ billNo: newBillNo(), mchId: sandbox.mchId, amountFen: 188, ...(await agreed()) });
    return { channel, scopes: { send: 'transfer.authorized', query: 'transfer.query' }, request };
  },
  redpack_v2: () => {
    const channel = new RedpackChannel(sandbox.config(), new RedpackApi(wire));
    return { channel, scopes: { send: 'sendredpack', query: 'gethbinfo' }, request: () => plain(channel) };
  },
};
const ACCEPTED = ['wait_user', 'in_flight', 'succeeded'];
const rowsOf = (call: string): [string, Class][] => Object.entries(CLASSES[call]!);

it('every row of every table is tested here, and there is no other', () => {
  const tables = Object.entries(CHANNEL_ERRORS).flatMap(([channel, calls]) =>
    Object.entries(calls).map(([call, table]) => [`${channel} ${call}`, Object.keys(table).sort()]),
  );
  expect(Object.fromEntries(tables)).toEqual(
    Object.fromEntries(Object.entries(CLASSES).map(([call, rows]) => [call, Object.keys(rows).sort()])),
  );
});

it('every row tells people in Chinese what to do', () => {
  for (const calls of Object.values(CHANNEL_ERRORS)) {
    for (const table of Object.values(calls)) {
      for (const { words } of Object.values(table)) expect(words).toMatch(/\p{Script=Han}{6}/u);
    }
  }
});

describe.each(Object.keys(WORLDS))('%s', (name) => {
  const plant = (call: ChannelCall, code: string, kind = 'error') =>
    sandbox.fault({ scope: WORLDS[name]!().scopes[call]!, kind, code, next: 1 });
  /** Asks until the answer is one of these: the platform takes moments for its own steps. */
  const ask = async ({ channel }: World, frozen: FrozenRequest): Promise<string> => {
    for (let turn = 0; ; turn++) {
      const { meaning } = await channel.query(frozen);
      if (ACCEPTED.includes(meaning.kind) || turn === 40) return meaning.kind;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  };

  it.each(rowsOf(`${name} send`))('send %s: %s', async (code, expected) => {
    const world = WORLDS[name]!();
    const frozen = await world.request();
    await plant('send', code);
    expect(await world.channel.send(frozen)).toMatchObject(KIND[expected]);
    // Nothing was taken, and the same number is as good as new.
    expect((await world.channel.query(frozen)).meaning.kind).toBe('not_found');
    expect(ACCEPTED).toContain((await world.channel.send(frozen)).meaning.kind);
    expect(ACCEPTED).toContain(await ask(world, frozen));
  });

  it.each(rowsOf(`${name} send`).filter(([, expected]) => expected.startsWith('unclear')))(
    'send %s after the work was done: unclear, and there is one bill',
    async (code, expected) => {
      const world = WORLDS[name]!();
      const frozen = await world.request();
      await plant('send', code, 'error_after_commit');
      expect(await world.channel.send(frozen)).toMatchObject(KIND[expected]);
      expect(ACCEPTED).toContain(await ask(world, frozen));
      expect((await sandbox.bills()).filter(({ outBillNo }) => outBillNo === frozen.billNo)).toHaveLength(1);
    },
  );

  it.each(rowsOf(`${name} query`))('query %s: %s, and what was known stays so', async (code, expected) => {
    const world = WORLDS[name]!();
    const frozen = await world.request();
    await world.channel.send(frozen);
    await plant('query', code);
    expect(await world.channel.query(frozen)).toMatchObject(KIND[expected]);
    expect(ACCEPTED).toContain(await ask(world, frozen));
  });
});

it.each(rowsOf('transfer_confirm_v3 cancel'))('transfer_confirm_v3 cancel %s: %s', async (code, expected) => {
  const { channel, request } = WORLDS.transfer_confirm_v3!();
  const frozen = await request();
  await channel.send(frozen);
  await sandbox.fault({ scope: 'transfer.cancel', kind: 'error', code, next: 1 });
  expect(await channel.cancel!(frozen)).toMatchObject(KIND[expected]);
  expect((await channel.query(frozen)).meaning.kind).toBe('wait_user');
});

describe('agreements', () => {
  const SCOPES = { ask: 'authorization.create', look: 'authorization.query', close: 'authorization.close' } as const;
  const MEANS: Readonly<Record<Class, object>> = {
    ...{ 'not taken': { kind: 'later' }, tomorrow: { kind: 'later' }, paused: { kind: 'blocked' } },
    ...{ unclear: { kind: 'unclear', alarm: false }, 'unclear!': { kind: 'unclear', alarm: true } },
    ...{ 'no such bill': { kind: 'unclear', alarm: false }, refused: {}, failed: {} },
  };
  const rows = (['ask', 'look', 'close'] as const).flatMap((act) =>
    rowsOf(`transfer_authorized_v3 ${act}`).map(([code, expected]): [AuthorisationAct, string, Class] => [
      act,
      code,
      expected,
    ]),
  );

  it.each(rows)('%s %s: %s; never taken for an end', async (act, code, expected) => {
    const frozen = await asking();
    const talk = (what: AuthorisationAct): Promise<AuthorisationMeaning> => authorisations().talk(what, frozen);
    if (act !== 'ask') await talk('ask');
    await sandbox.fault({ scope: SCOPES[act], kind: 'error', code, next: 1 });
    expect(await talk(act)).toMatchObject(MEANS[expected]);
    expect(await talk(act === 'ask' ? 'ask' : 'look')).toMatchObject({ kind: 'state', state: 'WAIT_USER' });
  });
});

describe('reasons of failure', () => {
  /** Whose they are, from what WeChat says about each. */
  const PERSONS = [
    ...['ACCOUNT_FROZEN', 'ACCOUNT_NOT_EXIST', 'REAL_NAME_CHECK_FAIL', 'NAME_NOT_CORRECT', 'TRANSFER_QUOTA_EXCEED'],
    ...['DAY_RECEIVED_QUOTA_EXCEED', 'DAY_RECEIVED_COUNT_EXCEED', 'REALNAME_ACCOUNT_RECEIVED_QUOTA_EXCEED'],
    ...['BLOCK_B2C_USERLIMITAMOUNT_MONTH', 'PAYEE_ACCOUNT_ABNORMAL', 'TRANSFER_RISK'],
  ];
  const PAUSES = [
    ...['PAYER_ACCOUNT_ABNORMAL', 'PRODUCT_AUTH_CHECK_FAIL', 'TRANSFER_SCENE_UNAVAILABLE', 'TRANSFER_SCENE_INVALID'],
    'TRANSFER_REMARK_SET_FAIL',
  ];
  const OTHERS = [
    ...['OPENID_INVALID', 'MCH_CANCEL', 'MERCHANT_REJECT', 'MERCHANT_NOT_CONFIRM', 'OTHER_FAIL_REASON_TYPE'],
    'OVERDUE_CLOSE',
  ];

  it.each([...PERSONS, ...PAUSES, ...OTHERS])('%s is read from a failed transfer and is in the table', async (why) => {
    const channel = new TransferConfirmChannel(sandbox.config(), new TransferBillsApi(wire));
    const frozen = await plain(channel);
    await channel.send(frozen);
    await sandbox.fault({ scope: 'transfer.confirm', kind: 'fail', code: why, next: 1 });
    await sandbox.admin('POST', `/transfers/${frozen.billNo}/confirm`, {});
    expect((await channel.query(frozen)).meaning).toEqual({ kind: 'failed', why });
    expect(Object.hasOwn(FAIL_REASONS, why)).toBe(true);
    expect([failReason(why).whose === 'person', failReason(why).pausesChannel]).toEqual([
      PERSONS.includes(why),
      PAUSES.includes(why),
    ]);
  });

  it('none blames the person for what is ours, all keep the prize, and news to us goes to people', () => {
    for (const [why, { whose, consumer, pausesChannel }] of Object.entries(FAIL_REASONS)) {
      expect([why, consumer]).toEqual([why, expect.stringContaining('奖励还在')]);
      if (pausesChannel) expect([why, whose]).toEqual([why, 'ours']);
      if (whose !== 'person') expect([why, consumer]).not.toEqual([why, expect.stringContaining('你的微信')]);
    }
    expect(failReason('BRAND_NEW').whose).toBe('ours');
    expect(failReason('toString')).toBe(failReason('BRAND_NEW'));
  });
});
