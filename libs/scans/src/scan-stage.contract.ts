import { randomUUID } from 'node:crypto';
import { Test, type TestingModule } from '@nestjs/testing';
import {
  CampaignCatalog,
  campaignsEntities,
  campaignTemplate,
  PublishCampaign,
  SaveDraft,
  type CampaignContent,
} from '@app/campaigns';
import {
  ActivateRange,
  CodeBook,
  codesEntities,
  CreateProduct,
  DraftBatch,
  IssueBatch,
  type LayerPurpose,
} from '@app/codes';
import { ConfigModule, type Waits } from '@app/config';
import { DatabaseModule, UnitOfWork } from '@app/database';
import { JobsModule } from '@app/jobs';
import type { CodeTriple, MemberId, ScanId } from '@app/kernel';
import { SignIn } from '@app/members';
import { createLogger, ObservabilityModule } from '@app/observability';
import { ApproveGrant, CreateBudget, RequestGrant } from '@app/payouts';
import { openTestDatabase, testConfig, type TestDatabase } from '@app/testing';
import { ScanCode, ScansModule, type ScanAnswer, type ScanInput } from './index';

/** 合肥, 安徽, by address: what `place` makes of a phone there without a location. */
export const HEFEI_IP = '202.102.192.68';

type Scanned = { readonly kind: string; readonly answer: ScanAnswer; readonly text: string };

/** A stage for scan stories: the real libraries on the real database, and builders for what HQ would set up. */
export class ScanStage {
  private constructor(
    readonly db: TestDatabase,
    readonly app: TestingModule,
  ) {}

  static async open(options: { poolSize?: number; waits?: Partial<Waits> } = {}): Promise<ScanStage> {
    const db = await openTestDatabase();
    // Other specs plant scans of batches whose small numbers they make up.
    await db.asOwner.query('ALTER TABLE code_batches AUTO_INCREMENT = 10000');
    const config = testConfig({
      database: { url: db.url, poolSize: options.poolSize ?? 10 },
      waitsChange: { catalogRefreshMs: 300, ...options.waits },
    });
    const app = await Test.createTestingModule({
      imports: [
        ConfigModule.forRoot(config),
        ObservabilityModule.forRoot(createLogger('spec', 'silent')),
        DatabaseModule.forRoot([...campaignsEntities, ...codesEntities]),
        JobsModule.forRoot({ run: false }),
        ScansModule,
      ],
    }).compile();
    app.enableShutdownHooks();
    await app.init();
    return new ScanStage(db, app);
  }

  async close(): Promise<void> {
    await this.app.close();
    // Nobody works here: what thousands of scans asked for would stand before the jobs of every spec that comes after.
    await this.db.asOwner.query('DELETE FROM outbox');
    await this.db.close();
  }

  member(name = randomUUID()): Promise<MemberId> {
    return this.app.get(SignIn).run({ openid: `o-${name}` });
  }

  /** An issued batch of one layer, all of it active unless `active` says otherwise. */
  async batch(
    options: { quantity?: number; purpose?: LayerPurpose; active?: boolean; expiresAt?: Date; line?: string } = {},
  ): Promise<{
    id: number;
    productId: number;
    code: (serial: number) => CodeTriple;
    text: (serial: number) => string;
  }> {
    const act = { by: null };
    const sku = `SKU-${randomUUID().slice(0, 8)}`;
    const product = await this.app.get(CreateProduct).run(
      {
        ...{ sku, gtin: null, name: '青柠气泡茶', line: options.line ?? 'lime', spec: '500 ml' },
        ...{ unitsPerCase: 15, imageUrl: null, priceFen: 550 },
      },
      act,
    );
    const quantity = options.quantity ?? 1000;
    const layers = [{ layer: 0, name: '盖内码', purpose: options.purpose ?? ('prize' as const) }];
    const { id } = await this.app
      .get(DraftBatch)
      .run({ productId: product.id, name: '测试批次', quantity, layers, expiresAt: options.expiresAt ?? null }, act);
    await this.app.get(IssueBatch).run(id, act);
    if (options.active !== false) {
      await this.app.get(ActivateRange).run({ batchId: id, layer: 0, from: 0, to: quantity }, act);
    }
    const code = (serial: number): CodeTriple => ({ batch: id, layer: 0, serial });
    return { id, productId: product.id, code, text: (serial) => this.app.get(CodeBook).encode(code(serial)) };
  }

  /** A budget with an approved grant. */
  async budget(grantedFen: number): Promise<number> {
    return this.app.get(UnitOfWork).run(async (tx) => {
      const budgetId = await this.app.get(CreateBudget).run(tx, { name: `预算 ${randomUUID().slice(0, 8)}` });
      const grantId = await this.app.get(RequestGrant).run(tx, {
        ...{ budgetId, amountFen: grantedFen, applicationNo: randomUUID(), expenseAccount: '促销费' },
        ...{ costCenter: 'MKT', bearer: 'hq' as const, requestedBy: 1 },
      });
      await this.app.get(ApproveGrant).run(tx, { grantId, approvedBy: 2 });
      return budgetId;
    });
  }

  /** A published campaign for these batches; by default everybody wins 88 fen. */
  async campaign(
    options: { batches: number[]; budgetId: number | null } & Partial<CampaignContent>,
  ): Promise<{ campaignId: number; publish: (change: Partial<CampaignContent>) => Promise<void> }> {
    const { batches, budgetId, ...overrides } = options;
    const content = (change: Partial<CampaignContent>) =>
      campaignTemplate(`活动 ${batches[0]}`, budgetId ?? 0, {
        ...{ scope: { products: [], batches } },
        budgetId,
        ...overrides,
        ...change,
      });
    const { campaignId } = await this.app.get(SaveDraft).run({ content: content({}), by: 1 });
    const publish = async (change: Partial<CampaignContent>): Promise<void> => {
      await this.app.get(SaveDraft).run({ campaignId, content: content(change), by: 1 });
      await this.app.get(PublishCampaign).run({ campaignId, by: 1, approvedBy: 2 });
      await this.catalogsSettle();
    };
    await publish({});
    return { campaignId, publish };
  }

  /** Lets the campaign catalogue of this node notice what was published. */
  async catalogsSettle(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 320));
    await this.app.get(CampaignCatalog).live();
  }

  async scan(member: MemberId, code: string, more: Partial<ScanInput> = {}): Promise<Scanned> {
    const input: ScanInput = {
      ...{
        member,
        code,
        scanId: randomUUID() as string as ScanId,
        ip: HEFEI_IP,
        location: null,
        withoutLocation: false,
      },
      ...more,
    };
    const outcome = await this.app.get(ScanCode).run(input);
    const text = outcome.kind === 'answered' ? outcome.answer : '{}';
    return { kind: outcome.kind, text, answer: JSON.parse(text) as ScanAnswer };
  }

  /** One number from the database: `SELECT COUNT(*) …`. */
  async count(sql: string, params: readonly (string | number)[] = []): Promise<number> {
    const [row] = await this.db.database.query<Record<string, string | number>>(sql, params);
    return Number(Object.values(row!)[0]);
  }
}
