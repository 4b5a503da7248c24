import { createLogger } from '@app/observability';
import { Rejected } from '@app/kernel';
import { AuditLog, type Operator } from '@app/staff';
import { CodeSeals } from '@app/codes';
import { openTestDatabase, testConfig, type TestDatabase } from '@app/testing';
import {
  ApproveCampaign,
  CampaignCatalog,
  campaignsEntities,
  campaignTemplate,
  KeepCampaigns,
  OpenDeals,
  PublishCampaign,
  readCampaignStates,
  RejectCampaign,
  SaveDraft,
  StartBurst,
  StopBurst,
  SubmitCampaign,
  SwitchCampaign,
  WithdrawCampaign,
  type CampaignContent,
  type CampaignStates,
} from '../index';
import { CampaignDeals } from './deals/campaign-deals';
import { PutInForce } from './put-in-force';
import { SurroundedLint } from './surrounded-lint';

/** Every stage has operators and products of its own, so that campaigns of other specs never cover its scans or overlap. */
let stages = 0;

/** Holds the database before the fields below are made of it. */
class OnDatabase {
  constructor(readonly db: TestDatabase) {}
}

/** The use cases of publishing on a real database, with short words for what specs do all the time. */
export class PublishingStage extends OnDatabase {
  private readonly operators = 700_000 + Math.floor(Math.random() * 90_000) * 10 + stages++;
  private nextProduct = 100_000 + (Date.now() % 1_000_000) * 100;
  readonly author = this.person(1);
  readonly approver = this.person(2);
  readonly owner: Operator = { ...this.person(3), roles: ['owner'] };
  readonly audit = new AuditLog(this.db.database);
  readonly config = testConfig();
  readonly log = createLogger('test', 'silent');
  readonly seals = new CodeSeals();
  readonly lint = new SurroundedLint();
  readonly putInForce = new PutInForce(new CampaignDeals(this.config, this.seals));
  readonly save = new SaveDraft(this.db.unitOfWork, this.audit);
  readonly publish = new PublishCampaign(this.db.unitOfWork, this.audit, this.putInForce);
  readonly change = new SwitchCampaign(this.db.unitOfWork, this.audit);
  readonly submit = new SubmitCampaign(this.db.unitOfWork, this.lint, this.audit);
  readonly approve = new ApproveCampaign(this.db.unitOfWork, this.lint, this.putInForce, this.audit);
  readonly reject = new RejectCampaign(this.db.unitOfWork, this.audit);
  readonly withdraw = new WithdrawCampaign(this.db.unitOfWork, this.audit);
  readonly start = new StartBurst(this.db.unitOfWork, this.audit);
  readonly stop = new StopBurst(this.db.unitOfWork, this.audit);
  readonly openDeals = new OpenDeals(this.db.database, this.db.unitOfWork, this.config, this.seals, this.audit);
  readonly keep = new KeepCampaigns(this.db.database, this.db.unitOfWork, this.openDeals, this.audit, this.log);

  /** `poolSize` 1 proves that nothing takes a second connection inside a transaction. */
  static async open(poolSize = 1): Promise<PublishingStage> {
    return new PublishingStage(await openTestDatabase({ entities: [...campaignsEntities], poolSize }));
  }

  /** Other specs share this database: no campaign of ours may be in force when they publish theirs. */
  async close(): Promise<void> {
    await this.db.asOwner.query("UPDATE campaigns SET status = 'ended' WHERE created_by = ?", [this.author.id]);
    // They have no journals behind them: whoever checks the books of this database later must not meet them.
    await this.db.asOwner.query("DELETE FROM budgets WHERE name = 'spec'");
    await this.db.close();
  }

  person(n: number): Operator {
    return { id: this.operators * 10 + n, login: `p${n}`, name: `第${n}人`, roles: ['marketer'], distributorId: null };
  }

  /** A document that only scans of one product concern, which need not exist. */
  content(overrides: Partial<CampaignContent> = {}, product = ++this.nextProduct): CampaignContent {
    const scope = { products: [product], batches: [] };
    return campaignTemplate('开盖有礼', 9, { scope, priority: 737, ...overrides });
  }

  /** A document whose product, budget and batch exist, so that it may be submitted. */
  async realContent(overrides: Partial<CampaignContent> = {}): Promise<CampaignContent> {
    const { product, batch } = await this.batch();
    const budgetId = await this.budget(100_000_000);
    return campaignTemplate('开盖有礼', budgetId, { scope: { products: [product], batches: [batch] }, ...overrides });
  }

  async batch(quantity = 1000): Promise<{ product: number; batch: number }> {
    const sku = `S${process.hrtime.bigint()}`;
    const insert = async (sql: string, params: unknown[]) =>
      Number(((await this.db.asOwner.query(sql, params)) as { insertId: number | bigint }).insertId);
    const product = await insert(
      "INSERT INTO products (sku, name, line, spec, units_per_case, created_at) VALUES (?, '青柠', 'a', '500ml', 24, UTC_TIMESTAMP(6))",
      [sku],
    );
    await insert("INSERT INTO product_prices (product_id, from_at, price_fen) VALUES (?, '2026-01-01', 550)", [
      product,
    ]);
    const batch = await insert(
      "INSERT INTO code_batches (key_char, product_id, name, quantity, status, created_at) VALUES ('A', ?, ?, ?, 'active', UTC_TIMESTAMP(6))",
      [product, sku, quantity],
    );
    await this.db.asOwner.query(
      "INSERT INTO code_batch_layers (batch_id, layer, name, purpose) VALUES (?, 0, '盖内码', 'prize'), (?, 1, '箱码', 'logistics')",
      [batch, batch],
    );
    return { product, batch };
  }

  async budget(fen: number): Promise<number> {
    const { insertId } = (await this.db.asOwner.query(
      "INSERT INTO budgets (name, granted_fen, available_fen, created_at) VALUES ('spec', ?, ?, UTC_TIMESTAMP(6))",
      [fen, fen],
    )) as { insertId: number | bigint };
    return Number(insertId);
  }

  async publishNew(document: CampaignContent): Promise<number> {
    const { campaignId } = await this.save.run({ content: document, by: this.author.id });
    await this.publish.run({ campaignId, by: this.author.id });
    return campaignId;
  }

  /** The next version by two people. */
  async approved(campaignId: number, by = this.approver): Promise<number> {
    const { contentHash } = await this.submit.run({ campaignId, by: this.author });
    return (await this.approve.run({ campaignId, by, contentHash })).versionNo;
  }

  async row(campaignId: number) {
    const [row] = await this.db.database.query<{ status: Buffer; epoch: number; name: string; versions: string }>(
      `SELECT status, epoch, name, (SELECT COUNT(*) FROM campaign_versions v WHERE v.campaign_id = c.id) AS versions
         FROM campaigns c WHERE id = ?`,
      [campaignId],
    );
    return row && { ...row, status: row.status.toString(), versions: Number(row.versions) };
  }

  states(campaignId: number, now = new Date()): Promise<CampaignStates> {
    return this.db.unitOfWork.run((tx) => readCampaignStates(tx, [campaignId], now));
  }

  catalog(catalogRefreshMs = 0): CampaignCatalog {
    return new CampaignCatalog(this.db.database, testConfig({ waitsChange: { catalogRefreshMs } }), this.log);
  }

  /** What was done to a campaign, in order, without the library's name. */
  async acts(campaignId: number): Promise<string[]> {
    const { items } = await this.audit.list({ limit: 100, object: `campaign:${campaignId}` });
    return items.map(({ act }) => act.replace('campaigns.', '')).reverse();
  }
}

/** The code of the refusal, or what came instead. */
export async function refusal(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => new Error('went through'),
    (thrown: unknown) => thrown,
  );
  return error instanceof Rejected ? error.code : String(error);
}
