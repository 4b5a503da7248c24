import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Module, type INestApplicationContext, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import supertest from 'supertest';
import { AnalyticsModule } from '@app/analytics';
import { campaignsEntities, campaignTemplate, PublishCampaign, SaveDraft, type CampaignContent } from '@app/campaigns';
import { ActivateRange, CodeBook, codesEntities, CreateProduct, DraftBatch, IssueBatch } from '@app/codes';
import { ConfigModule, type Config } from '@app/config';
import { DatabaseModule, UnitOfWork } from '@app/database';
import { JobsModule } from '@app/jobs';
import { MembersModule } from '@app/members';
import { createLogger, ObservabilityModule } from '@app/observability';
import { ApproveGrant, CreateBudget, PayoutsModule, RequestGrant } from '@app/payouts';
import { ScansModule } from '@app/scans';
import { ManageOperators, WORKING_ROLES, type NewOperator, type Role } from '@app/staff';
import { openTestDatabase, openTestSandbox, until, type TestDatabase, type TestSandbox } from '@app/testing';
import { createApp } from '../src/create-app';

/** The host that the stand-in WeChat knows as ours. */
const HOST = '127.0.0.1:8080';
const CATALOG_MS = 200;
const REDIS_DATABASE = 7;

/** 安徽 合肥, by address. */
export const HEFEI = '202.102.192.68';

@Module({ imports: [AnalyticsModule, MembersModule, PayoutsModule, ScansModule] })
class WorkerRooms {}

/** Somebody for the console; `hq`, who is meant when nobody is named, may all but what is the owner's. */
export type Wanted = Partial<NewOperator> & { readonly role?: Role | 'hq' };

export interface TestBatch {
  readonly id: number;
  readonly productId: number;
  text(serial: number): string;
}

/** The api as it ships on a real database, beside a real stand-in WeChat; with a worker when a story needs one. */
export class ApiRig {
  private worker: INestApplicationContext | null = null;

  private constructor(
    readonly db: TestDatabase,
    readonly sandbox: TestSandbox,
    readonly config: Config,
    readonly app: NestFastifyApplication,
    readonly port: number,
  ) {}

  /** `own` names a database of its own, for stories about all that there is. */
  static async open(
    change: {
      http?: Partial<Config['http']>;
      profile?: Config['profile'];
      secondFactor?: Config['secondFactor'];
      own?: string;
    } = {},
  ): Promise<ApiRig> {
    const database = await openTestDatabase(change.own === undefined ? {} : { own: change.own });
    const [db, sandbox, port] = [database, await openTestSandbox(), await freePort()];
    const base = sandbox.config({
      database: { url: db.url, poolSize: 10 },
      redis: { url: `${process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:1'}/${REDIS_DATABASE}` },
      notifyUrl: `http://127.0.0.1:${port}`,
      waitsChange: { catalogRefreshMs: CATALOG_MS },
      ...(change.profile && { profile: change.profile }),
    });
    const config = {
      ...{ ...base, http: { ...base.http, publicUrl: `http://${HOST}`, ...change.http } },
      ...(change.secondFactor && { secondFactor: change.secondFactor }),
    };
    const app = await createApp(config, createLogger('api', 'silent'));
    await app.listen(port, '127.0.0.1');
    return new ApiRig(db, sandbox, config, app, port);
  }

  /** What the worker process does, in this one. */
  async startWorker(): Promise<void> {
    const log = createLogger('worker', 'silent');
    const { config } = this;
    @Module({
      imports: [
        ConfigModule.forRoot(config),
        ObservabilityModule.forRoot(log),
        DatabaseModule.forRoot([...codesEntities, ...campaignsEntities]),
        JobsModule.forRoot({ run: true }),
        WorkerRooms,
      ],
    })
    class Worker {}
    this.worker = await NestFactory.createApplicationContext(Worker, { logger: false });
  }

  async close(): Promise<void> {
    await this.worker?.close();
    await this.app.close();
    await this.sandbox.stop();
    await this.db.close();
  }

  get http(): supertest.Agent {
    return supertest.agent(`http://127.0.0.1:${this.port}`).set('host', HOST);
  }

  get<T>(what: Type<T>): T {
    return this.app.get(what, { strict: false });
  }

  /** One number from the database: `SELECT COUNT(*) …`. */
  async count(sql: string, params: readonly (string | number)[] = []): Promise<number> {
    const [row] = await this.db.database.query<Record<string, string | number>>(sql, params);
    return Number(Object.values(row!)[0]);
  }

  /** An issued batch with one prize layer, all of it on sale unless `active` says otherwise. */
  async batch({ quantity = 200, active = true, line = 'lime' } = {}): Promise<TestBatch> {
    const act = { by: null };
    const sku = `SKU-${randomUUID().slice(0, 8)}`;
    const named = { sku, gtin: null, name: '青柠气泡茶', line, spec: '500 ml', unitsPerCase: 15, imageUrl: null };
    const product = await this.get(CreateProduct).run({ ...named, priceFen: 550 }, act);
    const layers = [{ layer: 0, name: '盖内码', purpose: 'prize' as const }];
    const { id } = await this.get(DraftBatch).run({ productId: product.id, name: '测试批次', quantity, layers }, act);
    await this.get(IssueBatch).run(id, act);
    if (active) await this.get(ActivateRange).run({ batchId: id, layer: 0, from: 0, to: quantity }, act);
    const text = (serial: number): string => this.get(CodeBook).encode({ batch: id, layer: 0, serial });
    return { id, productId: product.id, text };
  }

  /** A budget with an approved grant. */
  async budget(grantedFen = 1_000_000): Promise<number> {
    return this.get(UnitOfWork).run(async (tx) => {
      const budgetId = await this.get(CreateBudget).run(tx, { name: `预算 ${randomUUID().slice(0, 8)}` });
      const asked = { budgetId, amountFen: grantedFen, applicationNo: randomUUID(), expenseAccount: '促销费' };
      const grant = { ...asked, costCenter: 'MKT', bearer: 'hq' as const, requestedBy: 1 };
      const grantId = await this.get(RequestGrant).run(tx, grant);
      await this.get(ApproveGrant).run(tx, { grantId, approvedBy: 2 });
      return budgetId;
    });
  }

  /** A published campaign for these batches; by default everybody wins 88 fen. */
  async campaign(batches: readonly number[], change: Partial<CampaignContent> = {}): Promise<number> {
    const budgetId = await this.budget();
    const scope = { products: [], batches };
    const content = campaignTemplate(`活动 ${batches[0]}`, budgetId, { scope, budgetId, ...change });
    const { campaignId } = await this.get(SaveDraft).run({ content, by: 1 });
    await this.get(PublishCampaign).run({ campaignId, by: 1, approvedBy: 2 });
    await new Promise((resolve) => setTimeout(resolve, CATALOG_MS + 50));
    return campaignId;
  }

  async operator({ role = 'hq', ...wanted }: Wanted = {}): Promise<{ login: string; password: string; id: number }> {
    const login = `op-${randomUUID().slice(0, 12)}`;
    const password = 'correct horse 1';
    const roles = role === 'hq' ? WORKING_ROLES : [role];
    const made = await this.get(ManageOperators).create(null, { login, name: '测试', password, roles, ...wanted });
    return { login, password, id: made.id };
  }

  /** A browser of the console, signed in. */
  async desk(wanted: Wanted = {}): Promise<Desk> {
    const { login, password } = await this.operator(wanted);
    const agent = this.http.set('x-requested-with', 'yima');
    await agent.post('/v1/console/login').send({ login, password }).expect(200);
    return agent;
  }

  /** A phone with WeChat in it; signed in unless a test does that itself. */
  async phone(
    options: { ip?: string; signedIn?: boolean; user?: Readonly<Record<string, unknown>> } = {},
  ): Promise<Phone> {
    const id = `u-${randomUUID().slice(0, 12)}`;
    await this.sandbox.addUser(id, options.user);
    const phone = new Phone(this, id, options.ip ?? HEFEI);
    if (options.signedIn !== false) await phone.signIn();
    return phone;
  }
}

export type Desk = supertest.Agent;

/** One person with one browser. */
export class Phone {
  readonly agent: supertest.Agent;

  constructor(
    private readonly rig: ApiRig,
    readonly userId: string,
    ip: string,
  ) {
    this.agent = rig.http.set('x-forwarded-for', ip);
  }

  /** The whole silent round; returns where it ended. */
  async signIn(back = '/h5/wallet'): Promise<string> {
    const callback = await this.toCallback(back);
    const answer = await this.agent.get(callback).expect(302);
    return answer.headers.location as string;
  }

  /** As far as WeChat's redirect back to us, which is not followed: path and query of our callback. */
  async toCallback(back = '/h5/wallet'): Promise<string> {
    const start = await this.agent.get('/v1/h5/oauth/start').query({ return: back }).expect(302);
    return this.authorize(start.headers.location as string);
  }

  async authorize(location: string): Promise<string> {
    const url = `${location.replace('#wechat_redirect', '')}&sandbox_user=${this.userId}`;
    const answer = await fetch(url, { redirect: 'manual' });
    const { pathname, search } = new URL(answer.headers.get('location') ?? `http://none/${answer.status}`);
    return pathname + search;
  }

  scan(code: string, more: object = {}): supertest.Test {
    return this.agent.post('/v1/h5/scans').send({ scanId: randomUUID(), code, ...more });
  }

  /** Waits until an award is in one of these states. */
  award(awardId: string, ...states: string[]): Promise<{ state: string; confirm: { package: string } | null }> {
    return until(`award is ${states.join(' or ')}`, async () => {
      const { body } = await this.agent.get(`/v1/h5/awards/${awardId}`).expect(200);
      return states.includes(body.state) ? body : null;
    });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
