import { NestFactory } from '@nestjs/core';
import { AnalyticsModule } from '@app/analytics';
import { CampaignsModule, campaignsEntities, campaignTemplate, PublishCampaign, SaveDraft } from '@app/campaigns';
import { ActivateRange, CodeBook, codesEntities, CodesModule, CreateProduct, DraftBatch, IssueBatch } from '@app/codes';
import { ConfigModule, loadConfig, type Config } from '@app/config';
import { Database, DatabaseModule, UnitOfWork } from '@app/database';
import { JobsModule } from '@app/jobs';
import { MembersModule } from '@app/members';
import { createLogger, NestLog, ObservabilityModule } from '@app/observability';
import { ApproveGrant, CreateBudget, PayoutsModule, RequestGrant } from '@app/payouts';
import { warmRegions } from '@app/regions';
import { ScansModule } from '@app/scans';
import { Module, type INestApplicationContext } from '@nestjs/common';

/** How many codes the bench has to scan. */
const QUANTITY = 20_000_000;
/** Has no factor in common with the quantity. */
const STEP = 7_654_321;
const BUDGET_FEN = 10_000_000_000;
const ACT = { by: null };
const PRIZES = {
  cash: { kind: 'cash', key: 'cash', name: '开盖红包', amount: { type: 'fixed', fen: 88 }, stock: null },
  goods: { kind: 'goods', key: 'goods', name: '帆布袋', valueFen: 88, stock: null },
} as const;

@Module({ imports: [AnalyticsModule, CampaignsModule, CodesModule, MembersModule, PayoutsModule, ScansModule] })
class Rooms {}

/** The real rooms in this process, without their jobs, and a world to scan in. */
export class BenchSystem {
  private next = 0;
  private campaignId: number | null = null;
  batchId = 0;
  budgetId = 0;

  private constructor(
    readonly app: INestApplicationContext,
    readonly config: Config,
  ) {}

  static async open(): Promise<BenchSystem> {
    const config = loadConfig('tool');
    const log = createLogger('bench', 'error');
    warmRegions();
    const module = {
      module: Rooms,
      imports: [
        ConfigModule.forRoot(config),
        ObservabilityModule.forRoot(log),
        DatabaseModule.forRoot([...codesEntities, ...campaignsEntities]),
        JobsModule.forRoot({ run: false }),
      ],
    };
    const app = await NestFactory.createApplicationContext(module, { logger: new NestLog(log) });
    return new BenchSystem(app, config);
  }

  get database(): Database {
    return this.app.get(Database, { strict: false });
  }

  use<T>(type: new (...args: never[]) => T): T {
    return this.app.get<T>(type, { strict: false });
  }

  /** A batch, a budget and a campaign: every rule of the demo's kind, most codes win. */
  async buildWorld(): Promise<void> {
    const product = await this.use(CreateProduct).run(
      {
        ...{ sku: `BENCH-${process.pid}`, gtin: null, name: '测量用茶', line: 'bench', spec: '500 ml' },
        ...{ unitsPerCase: 15, imageUrl: null, priceFen: 550 },
      },
      ACT,
    );
    const layers = [{ layer: 0, name: '盖内码', purpose: 'prize' as const }];
    const draft = { productId: product.id, name: '测量批次', quantity: QUANTITY, layers, expiresAt: null };
    this.batchId = (await this.use(DraftBatch).run(draft, ACT)).id;
    await this.use(IssueBatch).run(this.batchId, ACT);
    await this.use(ActivateRange).run({ batchId: this.batchId, layer: 0, from: 0, to: QUANTITY }, ACT);
    this.budgetId = await this.fund();
    await this.publish();
  }

  /** The text of a code that nobody scanned before. */
  freshCode(): string {
    // People do not open bottles in the order they were printed: a walk over all serials in long steps.
    const serial = (this.next++ * STEP) % QUANTITY;
    return this.use(CodeBook).encode({ batch: this.batchId, layer: 0, serial });
  }

  /** Fen of all awards, fen the budget reserved for them, rows of scans: what must agree after any storm. */
  async books(): Promise<{ awardedFen: number; reservedFen: number; scans: number; awards: number }> {
    const [row] = await this.database.query<Record<string, string>>(
      `SELECT (SELECT COALESCE(SUM(amount_fen), 0) FROM awards WHERE budget_id = ?) AS awarded,
         (SELECT COUNT(*) FROM awards WHERE batch_id = ?) AS awards,
         (SELECT reserved_fen FROM budgets WHERE id = ?) AS reserved, (SELECT COUNT(*) FROM scans WHERE batch_id = ?) AS scans`,
      [this.budgetId, this.batchId, this.budgetId, this.batchId],
    );
    return {
      awardedFen: Number(row!.awarded),
      reservedFen: Number(row!.reserved),
      scans: Number(row!.scans),
      awards: Number(row!.awards),
    };
  }

  private fund(): Promise<number> {
    return this.use(UnitOfWork).run(async (tx) => {
      const budgetId = await this.use(CreateBudget).run(tx, { name: `测量预算 ${process.pid}` });
      const grantId = await this.use(RequestGrant).run(tx, {
        ...{ budgetId, amountFen: BUDGET_FEN, applicationNo: `BENCH-${process.pid}`, expenseAccount: '促销费' },
        ...{ costCenter: 'MKT', bearer: 'hq' as const, requestedBy: 1 },
      });
      await this.use(ApproveGrant).run(tx, { grantId, approvedBy: 2 });
      return budgetId;
    });
  }

  /** Puts the campaign in force with money as its prize or without: whichever it is, everybody wins one. */
  async publish(prize: 'cash' | 'goods' = 'cash'): Promise<void> {
    const everybody = { mode: 'drawn' as const, prizes: [{ key: prize, odds: 1_000_000 }], fallbackPrizeKey: null };
    const content = campaignTemplate(`测量 ${process.pid}`, this.budgetId, {
      scope: { products: [], batches: [this.batchId] },
      rules: [
        {
          ...{ key: 'anhui', name: '安徽', then: everybody },
          when: { field: 'region', op: 'within', value: 340_000 },
        },
        {
          ...{ key: 'gold', name: '金卡', then: everybody },
          when: { field: 'tier', op: 'in', value: ['gold', 'platinum'] },
        },
        { key: 'everybody', name: '人人有奖', when: { all: [] }, then: everybody },
      ],
      prizes: [PRIZES[prize]],
      budgetId: prize === 'cash' ? this.budgetId : null,
      caps: [],
    });
    const known = this.campaignId === null ? {} : { campaignId: this.campaignId };
    const { campaignId } = await this.use(SaveDraft).run({ ...known, content, by: 1 });
    this.campaignId = campaignId;
    await this.use(PublishCampaign).run({ campaignId, by: 1 });
  }
}
