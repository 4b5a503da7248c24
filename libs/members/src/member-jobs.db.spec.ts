import { randomUUID } from 'node:crypto';
import { Test, type TestingModule } from '@nestjs/testing';
import { ConfigModule } from '@app/config';
import { DatabaseModule } from '@app/database';
import { JobsModule, Outbox, OutboxRows, type JobHandler } from '@app/jobs';
import { fen } from '@app/kernel';
import { createLogger, ObservabilityModule } from '@app/observability';
import { openTestDatabase, plantScans, testConfig, type TestDatabase } from '@app/testing';
import {
  MemberDirectory,
  MemberMoney,
  MembersModule,
  MembersPayoutSettled,
  MembersScansRecorded,
  SignIn,
} from './index';
import { MembersPayoutSettledHandler } from './payout-settled.handler';
import { MembersScansRecordedHandler } from './scans-recorded.handler';

let db: TestDatabase;
let app: TestingModule;
beforeAll(async () => {
  db = await openTestDatabase();
  app = await Test.createTestingModule({
    imports: [
      ConfigModule.forRoot(testConfig({ database: { url: db.url, poolSize: 10 } })),
      ObservabilityModule.forRoot(createLogger('members', 'silent')),
      DatabaseModule.forRoot([]),
      JobsModule.forRoot({ run: false }),
      MembersModule,
    ],
  }).compile();
});
afterAll(async () => {
  await app.close();
  await db.close();
});

/** Hands every open row of ours to its handler `times` times at once, as relay and queue may. */
async function deliverAll(times: number): Promise<void> {
  const rows = app.get(OutboxRows);
  const handlers = new Map<string, JobHandler<never>>([
    [MembersScansRecorded.name, app.get(MembersScansRecordedHandler)],
    [MembersPayoutSettled.name, app.get(MembersPayoutSettledHandler)],
  ]);
  const claimed = (await rows.claim(200, 60_000)).filter((row) => handlers.has(row.job));
  await Promise.all(
    claimed.flatMap((row) =>
      Array.from({ length: times }, (_, delivery) =>
        handlers.get(row.job)!.handle(JSON.parse(row.payload) as never, {
          outboxId: row.id,
          delivery,
          completeIn: (tx) => rows.complete(tx, row.id),
        }),
      ),
    ),
  );
}

it('a group of scans and its money reach the profile through the outbox, however often told and delivered', async () => {
  const member = await app.get(SignIn).run({ openid: `o${randomUUID()}` });
  const at = new Date();
  const scan = { memberId: member, at, adcode: 340104, counted: true, priceFen: 600 };
  const scans = await plantScans(db.unitOfWork, [{ ...scan, amountFen: 188 }, scan]);
  await db.unitOfWork.run(async (tx) => {
    for (let telling = 0; telling < 2; telling++) {
      await app.get(Outbox).append(tx, MembersScansRecorded, { scans });
      const money = { memberId: member, payoutKey: `job:${member}`, amountFen: fen(188), at };
      await app.get(MemberMoney).recordMoneyReceived(tx, money);
    }
  });
  await deliverAll(4);
  expect(await app.get(MemberDirectory).own(member)).toMatchObject({
    scans: 2,
    codes: 2,
    wins: 1,
    awardedFen: 188,
    receivedFen: 188,
    spendFen: 1200,
    lastAdcode: 340104,
  });
  const rows = await db.database.query<{ status: number; payload: string }>(
    'SELECT status, payload FROM outbox WHERE payload LIKE ?',
    [`%${member}%`],
  );
  expect(rows.map((row) => row.status)).toEqual([1, 1, 1]);
  for (const { payload } of rows) expect(payload).not.toMatch(/:188|amount|openid/i);
});

it('money of a transaction that was undone reaches nobody', async () => {
  const member = await app.get(SignIn).run({ openid: `o${randomUUID()}` });
  const undone = db.unitOfWork.run(async (tx) => {
    await app
      .get(MemberMoney)
      .recordMoneyReceived(tx, { memberId: member, payoutKey: `undone:${member}`, amountFen: fen(5), at: new Date() });
    throw new Error('undone');
  });
  await expect(undone).rejects.toThrow('undone');
  await deliverAll(1);
  expect(await app.get(MemberDirectory).own(member)).toMatchObject({ receivedFen: 0 });
});
