import { PaymentWire, RedpackApi, TransferBillsApi } from '@app/wechat';
import { openTestSandbox, type TestSandbox } from '@app/testing';
import { FakeWechat } from './fake-wechat.contract';
import { newBillNo, payoutChannelContract, type ChannelWorld } from './payout-channel.contract';
import { RedpackChannel } from './redpack.channel';
import { AUTHORISATION_CLOSED, TransferAuthorizedChannel } from './transfer-authorized.channel';
import { TransferConfirmChannel } from './transfer-confirm.channel';

const TIMEOUT_MS = 700;
/** Making RSA keys on a busy machine takes a while. */
const SETUP_MS = 60_000;

let sandbox: TestSandbox;
let wire: PaymentWire;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  wire = new PaymentWire(sandbox.config({ waitsChange: { wechatTimeoutMs: TIMEOUT_MS } }));
}, SETUP_MS);
afterAll(async () => {
  wire?.onApplicationShutdown();
  await sandbox?.stop();
});

const KINDS = {
  silence_before_commit: 'timeout_before_commit',
  silence_after_commit: 'timeout_after_commit',
  busy_after_commit: 'system_error_after_commit',
  too_fast: 'rate_limited',
  unlisted: 'unknown_code',
  cut_off: 'truncated_body',
} as const;
let people = 0;

const newPerson = (): Promise<string> => sandbox.addUser(`person-${++people}`);
const authorized = (): TransferAuthorizedChannel =>
  new TransferAuthorizedChannel(sandbox.config(), new TransferBillsApi(wire));

/** A person's agreement in force at the sandbox; one per person however often it is asked for. */
const agreements = new Map<string, string>();
async function agreementOf(openid: string): Promise<string> {
  const known = agreements.get(openid);
  if (known) return known;
  const number = `A${newBillNo().slice(1)}`;
  const { wechat } = sandbox.config();
  await new TransferBillsApi(wire).authorise(sandbox.mchId, {
    ...{ out_authorization_no: number, appid: wechat.appId, openid, transfer_scene_id: '1000' },
    ...{ user_display_name: '会员', authorization_notify_url: 'http://127.0.0.1:9/none' },
  });
  await sandbox.admin('POST', `/authorizations/${number}/agree`, {});
  agreements.set(openid, number);
  return number;
}

/** A real adapter over real HTTPS against the sandbox. */
function sandboxWorld(channel: ChannelWorld['channel'], send: string, query: string, take: string): ChannelWorld {
  return {
    channel,
    mchId: sandbox.mchId,
    timeoutMs: TIMEOUT_MS,
    person: () => sandbox.addUser(`contract-${channel.name}-${++people}`),
    disturb: (trouble) => sandbox.fault({ scope: send, kind: KINDS[trouble], next: 1 }),
    disturbQuery: () => sandbox.fault({ scope: query, kind: 'timeout_before_commit', next: 1 }),
    emptyBalance: () => sandbox.fault({ scope: send, kind: 'not_enough' }),
    fillBalance: () => sandbox.noFaults(),
    take: async (billNo) => void (await sandbox.admin('POST', `/${take.replace(':n', billNo)}`, {})),
    dayPasses: async () => void (await sandbox.admin('POST', '/clock/advance', { seconds: 25 * 3600 })),
    effect: async (billNo) => {
      const bill = (await sandbox.bills()).find((known) => known.outBillNo === billNo);
      return { creditedFen: bill?.creditedFen ?? 0 };
    },
  };
}

payoutChannelContract('transfer_confirm_v3', () =>
  sandboxWorld(
    new TransferConfirmChannel(sandbox.config(), new TransferBillsApi(wire)),
    'transfer.create',
    'transfer.query',
    'transfers/:n/confirm',
  ),
);
payoutChannelContract('transfer_authorized_v3', () => ({
  ...sandboxWorld(authorized(), 'transfer.authorized', 'transfer.query', ''),
  silent: true,
  agreement: (openid) => agreementOf(openid),
  take: () => Promise.resolve(),
}));
payoutChannelContract('redpack_v2', () =>
  sandboxWorld(
    new RedpackChannel(sandbox.config(), new RedpackApi(wire)),
    'sendredpack',
    'gethbinfo',
    'redpacks/:n/receive',
  ),
);
payoutChannelContract('the fake', () => new FakeWechat());

describe('transfer_authorized_v3 without an agreement in force', () => {
  it('never leaves when there is none', async () => {
    const channel = authorized();
    const params = { billNo: newBillNo(), mchId: sandbox.mchId, amountFen: 188, openid: await newPerson() };
    const outcome = await channel.send(channel.prepare(params));
    expect(outcome).toMatchObject({ meaning: { kind: 'refused', why: AUTHORISATION_CLOSED }, notAccepted: true });
    expect((await channel.query(channel.prepare(params))).meaning.kind).toBe('not_found');
  });

  it('is refused for good when WeChat says that it has ended, and only then', async () => {
    const channel = authorized();
    const openid = await newPerson();
    const authorizationNo = await agreementOf(openid);
    const frozen = () =>
      channel.prepare({ billNo: newBillNo(), mchId: sandbox.mchId, amountFen: 188, openid, authorizationNo });
    await sandbox.fault({ scope: 'transfer.authorized', kind: 'error', code: 'INVALID_REQUEST', next: 1 });
    expect((await channel.send(frozen())).meaning).toMatchObject({ kind: 'unknown', why: 'INVALID_REQUEST' });
    await sandbox.admin('POST', `/authorizations/${authorizationNo}/close`, { reason: 'USER_CLOSE' });
    const request = frozen();
    const outcome = await channel.send(request);
    expect(outcome).toMatchObject({ meaning: { kind: 'refused', why: AUTHORISATION_CLOSED }, notAccepted: false });
    expect((await channel.query(request)).meaning.kind).toBe('not_found');
    await sandbox.fault({ scope: 'authorization.query', kind: 'timeout_before_commit', next: 1 });
    expect((await channel.send(frozen())).meaning).toMatchObject({ kind: 'unknown', why: 'INVALID_REQUEST' });
  });
});
