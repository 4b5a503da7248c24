import { randomUUID } from 'node:crypto';
import { Test, type TestingModule } from '@nestjs/testing';
import { issueScope } from '@app/analytics';
import { ConfigModule, type Config } from '@app/config';
import { DatabaseModule, type SqlValue } from '@app/database';
import { JobsModule, OutboxRows } from '@app/jobs';
import type { MemberId } from '@app/kernel';
import { createLogger, ObservabilityModule } from '@app/observability';
import type { Operator } from '@app/staff';
import { openTestDatabase, testConfig, type TestDatabase } from '@app/testing';
import { MembersModule, SendPhoneCode, SignIn } from './index';
import { SendPhoneCodeHandler } from './phone/send-phone-code.handler';

export const HQ: Operator = { id: 1, login: 'hq', name: '总部', roles: ['marketer'], distributorId: null };
export const CLERK: Operator = { id: 2, login: 'clerk', name: '经销商', roles: ['distributor'], distributorId: 9 };
export const NATIONAL = issueScope({ kind: 'national' });
export const LOCAL = issueScope({ kind: 'distributor', distributorId: 9 });

/** How soon a changed audience is noticed here. */
export const REFRESH_MS = 50;

/** The library on a real database, and what its tests keep doing. */
export class MembersStage {
  private constructor(
    readonly db: TestDatabase,
    readonly app: TestingModule,
  ) {}

  static async open(configOf: (url: string) => Config = plainConfig): Promise<MembersStage> {
    const db = await openTestDatabase();
    const app = await Test.createTestingModule({
      imports: [
        ConfigModule.forRoot(configOf(db.url)),
        ObservabilityModule.forRoot(createLogger('members', 'silent')),
        DatabaseModule.forRoot([]),
        JobsModule.forRoot({ run: false }),
        MembersModule,
      ],
    }).compile();
    return new MembersStage(db, app);
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.db.close();
  }

  signIn(identity: { openid?: string; unionid?: string; follows?: boolean | null } = {}): Promise<MemberId> {
    return this.app.get(SignIn).run({ openid: openid(), ...identity });
  }

  members(count: number): Promise<MemberId[]> {
    return Promise.all(Array.from({ length: count }, () => this.signIn()));
  }

  /** Two visitors, the older one first, who turn out to be one person when `merge` runs. */
  async twoVisitors(): Promise<{ older: MemberId; younger: MemberId; merge: () => Promise<MemberId> }> {
    const [first, unionid] = [openid(), openid()];
    const older = await this.signIn({ openid: first });
    const younger = await this.signIn({ unionid });
    return { older, younger, merge: () => this.signIn({ openid: first, unionid }) };
  }

  /** Sets columns of a member as folds would. */
  async set(member: MemberId, columns: Readonly<Record<string, SqlValue>>): Promise<void> {
    const names = Object.keys(columns);
    const sql = `UPDATE members SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`;
    await this.db.asOwner.query(sql, [...Object.values(columns), member]);
  }

  async row(member: MemberId): Promise<Record<string, unknown>> {
    const [row] = await this.db.database.query<Record<string, unknown>>('SELECT * FROM members WHERE id = ?', [member]);
    return row!;
  }

  async count(sql: string, params: readonly SqlValue[] = []): Promise<number> {
    const [row] = await this.db.database.query<{ n: string }>(`SELECT COUNT(*) AS n FROM ${sql}`, params);
    return Number(row!.n);
  }

  /** Hands every order to send a code to its handler, `times` at once. Returns how many orders there were. */
  async deliverCodes(times = 1): Promise<PromiseSettledResult<void>[]> {
    const rows = this.app.get(OutboxRows);
    const claimed = (await rows.claim(200, 60_000)).filter(({ job }) => job === SendPhoneCode.name);
    return Promise.allSettled(
      claimed.flatMap((row) =>
        Array.from({ length: times }, (_, delivery) =>
          this.app.get(SendPhoneCodeHandler).handle(JSON.parse(row.payload) as { nonce: string }, {
            outboxId: row.id,
            delivery,
            completeIn: (tx) => rows.complete(tx, row.id),
          }),
        ),
      ),
    );
  }
}

export function openid(): string {
  return `o${randomUUID().replaceAll('-', '')}`;
}

function plainConfig(url: string): Config {
  return testConfig({ database: { url, poolSize: 10 }, waitsChange: { catalogRefreshMs: REFRESH_MS } });
}
