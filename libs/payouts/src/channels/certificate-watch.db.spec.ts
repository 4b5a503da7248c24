import forge from 'node-forge';
import { textOf } from '@app/database';
import { createLogger } from '@app/observability';
import { PaymentWire, RedpackApi, TransferBillsApi } from '@app/wechat';
import { openTestDatabase, openTestSandbox, type TestDatabase, type TestSandbox } from '@app/testing';
import type { Config } from '@app/config';
import { Incidents } from '../cases/incidents';
import { CertificateWatch, warningOf } from './certificate-watch';
import { merchantAccounts } from './merchant-accounts';
import { newBillNo } from './payout-channel.contract';
import { RedpackChannel } from './redpack.channel';
import { TransferConfirmChannel } from './transfer-confirm.channel';

const DAY_MS = 86_400_000;
const keys = forge.pki.rsa.generateKeyPair(1024);
let db: TestDatabase;
let sandbox: TestSandbox;
beforeAll(async () => {
  db = await openTestDatabase();
  sandbox = await openTestSandbox();
}, 90_000);
afterAll(async () => {
  await sandbox.stop();
  await db.close();
});

/** A certificate of somebody that ends then. */
function certificate(until: Date): string {
  const made = forge.pki.createCertificate();
  made.publicKey = keys.publicKey;
  made.serialNumber = '0a';
  made.validity.notBefore = new Date(until.getTime() - 365 * DAY_MS);
  made.validity.notAfter = until;
  made.setSubject([{ name: 'commonName', value: 'spec' }]);
  made.setIssuer([{ name: 'commonName', value: 'spec' }]);
  made.sign(keys.privateKey, forge.md.sha256.create());
  return forge.pki.certificateToPem(made);
}
const withWechat = (change: (wechat: Config['wechat']) => Partial<Config['wechat']>): Config => {
  const config = sandbox.config();
  return { ...config, wechat: { ...config.wechat, ...change(config.wechat) } };
};
const merchantCertificate = (until: Date) =>
  withWechat(({ merchants }) => ({
    merchants: merchants.map((one) => ({ ...one, certificate: certificate(until) })),
  }));
const open = async () => {
  const rows = await db.database.query<{ incident_key: Buffer }>(
    "SELECT incident_key FROM payout_incidents WHERE kind = 'certificate' AND resolved_at IS NULL",
  );
  return rows.map((row) => textOf(row.incident_key)).sort();
};

it('a certificate that has ended stops every send and every query of its merchant, before a byte leaves', async () => {
  const config = merchantCertificate(new Date(Date.now() - DAY_MS));
  const wire = new PaymentWire(config);
  const channels = [
    new TransferConfirmChannel(config, new TransferBillsApi(wire)),
    new RedpackChannel(config, new RedpackApi(wire)),
  ];
  for (const channel of channels) {
    const openid = await sandbox.addUser(`expired-${channel.name}`);
    const frozen = channel.prepare({ billNo: newBillNo(), mchId: sandbox.mchId, amountFen: 188, openid });
    for (const outcome of [await channel.send(frozen), await channel.query(frozen)]) {
      expect(outcome).toMatchObject({
        meaning: { kind: 'channel_blocked', why: 'CERTIFICATE_EXPIRED' },
        notAccepted: true,
      });
    }
    expect((await sandbox.bills()).filter(({ outBillNo }) => outBillNo === frozen.billNo)).toEqual([]);
  }
  wire.onApplicationShutdown();
});

it('so does the platform’s: what nobody could verify is not asked', async () => {
  const ended = certificate(new Date(Date.now() - DAY_MS));
  const config = withWechat(({ platform }) => ({ platform: { ...platform, publicKey: ended } }));
  const wire = new PaymentWire(config);
  const reply = await new TransferBillsApi(wire).query(sandbox.mchId, newBillNo());
  expect(reply).toMatchObject({ noReply: true, cause: 'expired', provablyNotSent: true });
  wire.onApplicationShutdown();
});

it('warns at 30, 7, 1 and 0 days', () => {
  const now = new Date('2026-11-22T00:00:00Z');
  const after = (days: number) => warningOf(new Date(now.getTime() + days * DAY_MS), now);
  expect([40, 30.1, 30, 8, 7, 2, 1, 0.5, 0, -3].map(after)).toEqual([null, null, 30, 30, 7, 7, 1, 1, 0, 0]);
});

it('tells people once at each threshold, and takes it back when the certificate was changed', async () => {
  const until = new Date(Date.now() + 100 * DAY_MS);
  const logger = createLogger('spec', 'silent');
  const watch = new CertificateWatch(merchantCertificate(until), db.unitOfWork, new Incidents(logger));
  const at = (daysBefore: number) => watch.run(new Date(until.getTime() - daysBefore * DAY_MS));
  const key = (days: number) => `certificate:merchant:${sandbox.mchId}:${days}`;
  await at(31);
  expect(await open()).toEqual([]);
  await at(29);
  await at(28);
  expect(await open()).toEqual([key(30)]);
  await at(5);
  expect(await open()).toEqual([key(7)]);
  await at(-1);
  expect(await open()).toEqual([key(0)]);
  await at(90);
  expect(await open()).toEqual([]);
});

it('shows merchant accounts without anything that signs', () => {
  const config = merchantCertificate(new Date('2030-01-02T03:04:05Z'));
  const [account, ...others] = merchantAccounts(config);
  expect(others).toEqual([]);
  expect(account).toMatchObject({ mchId: sandbox.mchId, enabled: true, share: 1, dailyCeilingFen: null });
  expect(account!.certificateUntil).toEqual(new Date('2030-01-02T03:04:05Z'));
  const [merchant] = config.wechat.merchants;
  const shown = JSON.stringify(merchantAccounts(config));
  for (const secret of [merchant!.apiV2Key, merchant!.apiV3Key, 'PRIVATE KEY', 'BEGIN']) {
    expect(shown).not.toContain(secret);
  }
});
