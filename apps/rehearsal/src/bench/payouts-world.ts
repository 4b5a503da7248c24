import { Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { AnalyticsModule } from '@app/analytics';
import { CampaignsModule, campaignsEntities } from '@app/campaigns';
import { ChannelModule } from '@app/channel';
import { CodesModule, codesEntities } from '@app/codes';
import { ConfigModule, type Config } from '@app/config';
import { Database, DatabaseModule, UnitOfWork } from '@app/database';
import { JobsModule } from '@app/jobs';
import { fen } from '@app/kernel';
import { MembersModule, SignIn } from '@app/members';
import { createLogger, ObservabilityModule } from '@app/observability';
import {
  ApproveGrant,
  Budgets,
  CreateBudget,
  PayoutChannels,
  PayoutsModule,
  RateLimits,
  RequestGrant,
  RequestPayout,
  type PayoutChannel,
} from '@app/payouts';
import { RewardsModule } from '@app/rewards';
import { ScansModule } from '@app/scans';
import { StaffModule } from '@app/staff';

const AMOUNT_FEN = 188;
const PEOPLE = 50;
const AT_ONCE = 100;

@Module({
  imports: [
    ...[AnalyticsModule, CampaignsModule, ChannelModule, CodesModule, MembersModule, PayoutsModule],
    ...[RewardsModule, ScansModule, StaffModule],
  ],
})
class WorkerRooms {}

/** The real line with another WeChat behind it. `run`: all of a worker, with relay, queue and intervals; else payouts alone. */
export class PayoutsWorld {
  private next = 0;
  private budgetId = 0;
  private readonly members: number[] = [];
  private readonly batch = 3_000_000 + Math.floor(Math.random() * 1_000_000);

  private constructor(readonly app: TestingModule) {}

  static async open(
    config: Config,
    gateway: PayoutChannel,
    { run = false, perSecond = null as number | null } = {},
  ): Promise<PayoutsWorld> {
    const builder = Test.createTestingModule({
      imports: [
        ConfigModule.forRoot({ ...config, role: 'worker' }),
        ObservabilityModule.forRoot(createLogger('bench', 'error')),
        DatabaseModule.forRoot([...codesEntities, ...campaignsEntities]),
        JobsModule.forRoot({ run }),
        ...(run ? [WorkerRooms] : [MembersModule, PayoutsModule]),
      ],
    })
      .overrideProvider(PayoutChannels)
      .useValue({ of: () => gateway });
    if (perSecond !== null)
      builder.overrideProvider(RateLimits).useValue({ of: () => ({ endpoint: 'mock', perSecond }) });
    const app = await builder.compile();
    await app.init();
    const world = new PayoutsWorld(app);
    await world.settle();
    return world;
  }

  use<T>(type: abstract new (...args: never[]) => T): T {
    return this.app.get<T>(type as never, { strict: false });
  }

  get database(): Database {
    return this.use(Database);
  }

  /** Payouts that are asked for and that nobody drives; their fen are reserved. Returns their keys. */
  async pending(count: number): Promise<string[]> {
    const keys = Array.from({ length: count }, () => `${this.batch}:0:${this.next++}:0`);
    const unitOfWork = this.use(UnitOfWork);
    const entry = { budgetId: this.budgetId, fen: AMOUNT_FEN * count, journalKey: `reserve:${keys[0]}` };
    await unitOfWork.run((tx) => this.use(Budgets).reserve(tx, [entry]));
    for (let at = 0; at < keys.length; at += AT_ONCE) {
      await unitOfWork.run(async (tx) => {
        for (const payoutKey of keys.slice(at, at + AT_ONCE))
          await this.use(RequestPayout).run(tx, this.wish(payoutKey));
      });
    }
    return keys;
  }

  /** How many of these payouts are in a state. */
  async count(keys: readonly string[], state: string): Promise<number> {
    const [row] = await this.database.query<{ many: string }>(
      `SELECT COUNT(*) AS many FROM payouts WHERE state = ? AND payout_key IN (${keys.map(() => '?').join()})`,
      [state, ...keys],
    );
    return Number(row!.many);
  }

  private wish(payoutKey: string) {
    const memberId = this.members[this.next % PEOPLE]!;
    return { payoutKey, memberId, budgetId: this.budgetId, campaignId: 1, versionId: 1, amountFen: fen(AMOUNT_FEN) };
  }

  private async settle(): Promise<void> {
    for (let at = 0; at < PEOPLE; at++) {
      this.members.push(await this.use(SignIn).run({ openid: `o-bench-${this.batch}-${at}` }));
    }
    this.budgetId = await this.use(UnitOfWork).run(async (tx) => {
      const budgetId = await this.use(CreateBudget).run(tx, { name: `发放测量 ${this.batch}` });
      const grantId = await this.use(RequestGrant).run(tx, {
        ...{ budgetId, amountFen: 10_000_000_000, applicationNo: `PAY-${this.batch}`, expenseAccount: '促销费' },
        ...{ costCenter: 'MKT', bearer: 'hq' as const, requestedBy: 1 },
      });
      await this.use(ApproveGrant).run(tx, { grantId, approvedBy: 2 });
      return budgetId;
    });
  }
}
