import { Test, type TestingModule } from '@nestjs/testing';
import { ConfigModule, type Config } from '@app/config';
import { DatabaseModule, UnitOfWork } from '@app/database';
import { JobsModule } from '@app/jobs';
import { fen } from '@app/kernel';
import { SignIn } from '@app/members';
import { createLogger, ObservabilityModule } from '@app/observability';
import { plainMerchant, testConfig, type TestDatabase } from '@app/testing';
import { Budgets } from '../ledger/budgets';
import { DrivePayout } from './drive-payout';
import { FakeWechat } from '../channels/fake-wechat.contract';
import { ApproveGrant, CreateBudget, RequestGrant } from '../ledger/grants';
import type { Payout } from '../payout';
import { PayoutChannels } from '../channels/payout-channel';
import { PayoutsModule } from '../payouts.module';
import { PayoutsRepository } from './payouts.repository';
import { RequestPayout, type PayoutRequested } from './request-payout';

/** A campaign that no other spec makes: rows that are only planted must not look like some real campaign's. */
export const PLANTED_CAMPAIGN = 4_100_000_000;

/** Waits short enough to watch a whole life, long enough not to run into each other on a busy machine. */
export const QUICK = {
  payoutLeaseMs: 600,
  wechatTimeoutMs: 500,
  queryLadderMs: [20, 40],
  resendAfterMs: 200,
  retryMs: [300, 600] as [number, number],
  escalateAfterMs: 60_000,
};

/** The library as a worker has it, on a real database, with a WeChat of the spec's choice. */
export interface PayoutsRig {
  readonly app: TestingModule;
  readonly wechat: FakeWechat;
  readonly unitOfWork: UnitOfWork;
  get<T>(token: abstract new (...args: never[]) => T): T;
  /** A budget with money and a person with a prize; the fen are reserved, nothing is asked for yet. */
  prize(amountFen?: number, openid?: string): Promise<Prize>;
  request(prize: Prize): Promise<PayoutRequested>;
  payout(prize: Prize): Promise<Payout>;
  drive(prize: Prize): Promise<void>;
  close(): Promise<void>;
}

export interface Prize {
  readonly payoutKey: string;
  readonly memberId: number;
  readonly budgetId: number;
  readonly amountFen: number;
  readonly openid: string;
}

let runs = 0;

export async function openPayouts(
  db: TestDatabase,
  options: { config?: Config; realChannels?: boolean; wechat?: FakeWechat } = {},
): Promise<PayoutsRig> {
  const base = options.config ?? testConfig({ waitsChange: QUICK });
  const wechat = options.wechat ?? new FakeWechat();
  const { publicKey } = await import('node:crypto').then(({ generateKeyPairSync }) =>
    generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    }),
  );
  const merchant = { mchId: wechat.mchId, apiV2Key: '2'.repeat(32), apiV3Key: '3'.repeat(32), serialNo: '0A' };
  const config: Config = {
    ...base,
    database: { url: db.url, poolSize: 12 },
    wechat: options.config
      ? base.wechat
      : {
          ...base.wechat,
          platform: { publicKeyId: 'PUB_KEY_ID_01', publicKey, others: [] },
          merchants: [{ ...plainMerchant, ...merchant, name: 'fake', privateKey: null, certificate: '' }],
        },
  };
  const builder = Test.createTestingModule({
    imports: [
      ConfigModule.forRoot(config),
      ObservabilityModule.forRoot(createLogger('spec', 'silent')),
      DatabaseModule.forRoot([]),
      JobsModule.forRoot({ run: false }),
      PayoutsModule,
    ],
  });
  if (!options.realChannels) builder.overrideProvider(PayoutChannels).useValue({ of: () => wechat });
  const app = await builder.compile();
  await app.init();
  const get = <T>(token: abstract new (...args: never[]) => T): T => app.get<T>(token as never, { strict: false });
  const unitOfWork = get(UnitOfWork);
  const batch = 1 + Math.floor(Math.random() * 4_000_000);
  const rig: PayoutsRig = {
    app,
    wechat,
    unitOfWork,
    get,
    prize: async (amountFen = 188, known?: string) => {
      const payoutKey = `${batch}:1:${++runs}:0`;
      const openid = known ?? `o-${payoutKey}`;
      const memberId = await get(SignIn).run({ openid });
      const budgetId = await fundedBudget(rig, 1_000_000);
      const entry = { budgetId, fen: amountFen, journalKey: `reserve:${payoutKey}` };
      await unitOfWork.run((tx) => get(Budgets).reserve(tx, [entry]));
      return { payoutKey, memberId, budgetId, amountFen, openid };
    },
    request: ({ payoutKey, memberId, budgetId, amountFen }) =>
      unitOfWork.run((tx) =>
        get(RequestPayout).run(tx, {
          ...{ payoutKey, memberId, budgetId, campaignId: PLANTED_CAMPAIGN, versionId: 1 },
          amountFen: fen(amountFen),
        }),
      ),
    payout: async ({ payoutKey }) => (await get(PayoutsRepository).find(db.database, payoutKey))!,
    drive: ({ payoutKey }) => get(DrivePayout).run(payoutKey),
    close: () => app.close(),
  };
  return rig;
}

export async function fundedBudget(rig: PayoutsRig, amountFen: number): Promise<number> {
  return rig.unitOfWork.run(async (tx) => {
    const budgetId = await rig.get(CreateBudget).run(tx, { name: '扫码红包' });
    const grantId = await rig.get(RequestGrant).run(tx, {
      ...{ budgetId, amountFen, applicationNo: `FY-${budgetId}`, expenseAccount: '促销费', costCenter: '市场部' },
      ...{ bearer: 'hq', requestedBy: 1 },
    });
    await rig.get(ApproveGrant).run(tx, { grantId, approvedBy: 2 });
    return budgetId;
  });
}
