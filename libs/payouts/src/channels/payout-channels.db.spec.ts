import { PaymentWire, RedpackApi, TransferBillsApi } from '@app/wechat';
import { openTestSandbox, type TestSandbox } from '@app/testing';
import { FakeWechat } from './fake-wechat.contract';
import { payoutChannelContract, type ChannelWorld } from './payout-channel.contract';
import { RedpackChannel } from './redpack.channel';
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
payoutChannelContract('redpack_v2', () =>
  sandboxWorld(
    new RedpackChannel(sandbox.config(), new RedpackApi(wire)),
    'sendredpack',
    'gethbinfo',
    'redpacks/:n/receive',
  ),
);
payoutChannelContract('the fake', () => new FakeWechat());
