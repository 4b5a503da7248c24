import { PaymentWire, RedpackApi, type WireReply } from '@app/wechat';
import { openTestSandbox, until, type TestSandbox } from '@app/testing';
import { newBillNo } from './payout-channel.contract';
import type { FrozenRequest, Meaning } from './payout-channel';
import { payableFen } from './channel-amounts';
import { RedpackChannel } from './redpack.channel';

let sandbox: TestSandbox;
let wire: PaymentWire;
beforeAll(async () => {
  sandbox = await openTestSandbox({ redpackScenes: ['PRODUCT_2'] });
  wire = new PaymentWire(sandbox.config());
}, 60_000);
afterEach(() => sandbox.noFaults());
afterAll(async () => {
  wire?.onApplicationShutdown();
  await sandbox?.stop();
});

let people = 0;
/** The channel of a merchant with or without a scene of its own. */
function channelWith(redpackScene: string | null): RedpackChannel {
  const config = sandbox.config();
  const merchants = config.wechat.merchants.map((merchant) => ({ ...merchant, redpackScene }));
  return new RedpackChannel({ ...config, wechat: { ...config.wechat, merchants } }, new RedpackApi(wire));
}
const packet = async (channel: RedpackChannel, amountFen = 188, user = {}): Promise<FrozenRequest> => {
  const openid = await sandbox.addUser(`packet-${++people}`, user);
  return channel.prepare({ billNo: newBillNo(), mchId: sandbox.mchId, amountFen, openid });
};
const stateAt = async ({ billNo }: FrozenRequest) =>
  (await sandbox.bills()).find(({ outBillNo }) => outBillNo === billNo)?.state;
const whenSaid = (channel: RedpackChannel, frozen: FrozenRequest, ...kinds: Meaning['kind'][]): Promise<Meaning> =>
  until(`the packet is ${kinds.join(' or ')}`, async () => {
    const { meaning } = await channel.query(frozen);
    return kinds.includes(meaning.kind) ? meaning : null;
  }) as Promise<Meaning>;

it('SENT waits for the person, RECEIVED is paid, also when the list of receivers is missing', async () => {
  const channel = channelWith(null);
  const frozen = await packet(channel);
  await channel.send(frozen);
  expect(await whenSaid(channel, frozen, 'wait_user')).toEqual({ kind: 'wait_user', package: null, expiresAt: null });
  await sandbox.admin('POST', `/redpacks/${frozen.billNo}/receive`, {});
  await sandbox.fault({ scope: 'gethbinfo', kind: 'missing_hblist', next: 1 });
  expect((await channel.query(frozen)).meaning.kind).toBe('succeeded');
  expect((await channel.query(frozen)).meaning.kind).toBe('succeeded');
});

it('who took it is read from a list of one, of several, or none', async () => {
  const openid = 'o-ours';
  const reading = async (hblist: unknown): Promise<Meaning> => {
    const body = { mch_billno: 'Y1', total_amount: '188', status: 'RECEIVED', hblist };
    const query = (): Promise<WireReply> =>
      Promise.resolve({ noReply: false, httpStatus: 200, code: null, body, raw: '200' });
    const api = Object.assign(new RedpackApi(wire), { query });
    const channel = new RedpackChannel(sandbox.config(), api);
    const frozen = channel.prepare({ billNo: 'Y1', mchId: sandbox.mchId, amountFen: 188, openid });
    return (await channel.query(frozen)).meaning;
  };
  const another = { kind: 'mismatch', why: 'another_person' };
  expect(await reading({ hbinfo: { openid, amount: '188', rcv_time: '2026-11-22 10:00:00' } })).toEqual({
    kind: 'succeeded',
  });
  expect(await reading({ hbinfo: { openid: 'o-other', amount: '188' } })).toEqual(another);
  expect(
    await reading({
      hbinfo: [
        { openid, amount: '188' },
        { openid: 'o-other', amount: '188' },
      ],
    }),
  ).toEqual(another);
  expect(await reading({ hbinfo: { openid, amount: '189' } })).toEqual({ kind: 'mismatch', why: 'another_amount' });
  for (const empty of [undefined, '', {}, { hbinfo: '' }]) expect(await reading(empty)).toEqual({ kind: 'succeeded' });
});

it('SENDING may last for hours with a reason that decides nothing, then it fails', async () => {
  const channel = channelWith(null);
  const frozen = await packet(channel);
  const ms = 6 * 3_600_000;
  await sandbox.fault({ scope: 'sendredpack', kind: 'processing_then_failed', next: 1, ms, code: '余额不足' });
  expect((await channel.send(frozen)).meaning).toMatchObject({ kind: 'unknown', why: 'PROCESSING', alarm: false });
  for (let hour = 0; hour < 5; hour++) {
    const outcome = await channel.query(frozen);
    expect(outcome.meaning.kind).toBe('in_flight');
    expect(outcome.evidence).toContain('余额不足');
    // The same number again is no second packet.
    expect((await channel.send(frozen)).meaning).toMatchObject({ kind: 'unknown', why: 'PROCESSING' });
    await sandbox.admin('POST', '/clock/advance', { seconds: 3600 });
  }
  await sandbox.admin('POST', '/clock/advance', { seconds: 2 * 3600 });
  expect(await whenSaid(channel, frozen, 'failed')).toEqual({ kind: 'failed', why: 'SEND_FAILED_WITH_REASON' });
  expect((await channel.send(frozen)).meaning).toMatchObject({ kind: 'failed', why: 'SEND_FAILED' });
});

it('nobody opens it within the day: on its way back first, refunded then', async () => {
  const channel = channelWith(null);
  const frozen = await packet(channel);
  await channel.send(frozen);
  await whenSaid(channel, frozen, 'wait_user');
  await sandbox.admin('POST', '/clock/advance', { seconds: 24 * 3600 + 1 });
  if ((await stateAt(frozen)) === 'RFUND_ING') expect((await channel.query(frozen)).meaning.kind).toBe('in_flight');
  expect(await whenSaid(channel, frozen, 'refunded')).toEqual({ kind: 'refunded' });
});

it('amounts outside 1 to 200 yuan go with the scene of the merchant, and not without one', async () => {
  const merchant = { redpackScene: null };
  expect(payableFen('redpack_v2', merchant)).toEqual({ minFen: 100, maxFen: 20_000 });
  for (const amountFen of [30, 99, 20_001, 40_000]) {
    const [bare, scened] = [channelWith(null), channelWith('PRODUCT_2')];
    const without = await packet(bare, amountFen);
    expect(without.body).not.toHaveProperty('scene_id');
    expect((await bare.send(without)).meaning).toEqual({ kind: 'refused', why: 'MONEY_LIMIT' });
    expect((await bare.query(without)).meaning.kind).toBe('not_found');
    const within = await packet(scened, amountFen);
    expect(within.body).toMatchObject({ scene_id: 'PRODUCT_2' });
    expect((await scened.send(within)).meaning.kind).toBe('wait_user');
    const notOpened = channelWith('PRODUCT_3');
    const refused = await packet(notOpened, amountFen);
    expect((await notOpened.send(refused)).meaning).toEqual({ kind: 'refused', why: 'PARAM_ERROR' });
  }
  expect((await packet(channelWith('PRODUCT_2'), 100)).body).not.toHaveProperty('scene_id');
  expect((await packet(channelWith('PRODUCT_2'), 20_000)).body).not.toHaveProperty('scene_id');
});

it('somebody whom risk control stops is refused, and a query agrees', async () => {
  const channel = channelWith(null);
  const frozen = await packet(channel, 188, { blocked: true });
  expect((await channel.send(frozen)).meaning).toEqual({ kind: 'refused', why: 'NO_AUTH' });
  expect((await channel.query(frozen)).meaning.kind).toBe('not_found');
});
