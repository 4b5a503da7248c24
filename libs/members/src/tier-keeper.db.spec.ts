import { randomUUID } from 'node:crypto';
import { Test, type TestingModule } from '@nestjs/testing';
import { ConfigModule } from '@app/config';
import { DatabaseModule } from '@app/database';
import { JobsModule, Outbox } from '@app/jobs';
import type { MemberId } from '@app/kernel';
import { createLogger, ObservabilityModule } from '@app/observability';
import { openTestDatabase, testConfig, type TestDatabase } from '@app/testing';
import { MembersModule, SignIn, TierKeeper } from './index';
import { MembersScansRecorded } from './member-jobs';

let db: TestDatabase;
let app: TestingModule;
beforeAll(async () => {
  // Percentiles are over all members, so this file needs to know them all.
  db = await openTestDatabase({ own: 'tiers' });
  await db.asOwner.query('UPDATE members SET spend_fen = 0');
  await db.asOwner.query('DELETE FROM tier_thresholds');
  await db.asOwner.query("DELETE FROM member_marks WHERE name LIKE 'tiers:%'");
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

const spends = async (spend: number): Promise<MemberId> => {
  const id = await app.get(SignIn).run({ openid: `o${randomUUID()}` });
  await db.asOwner.query('UPDATE members SET spend_fen = ? WHERE id = ?', [spend, id]);
  return id;
};
const tierOf = async (id: MemberId) => {
  const [row] = await db.database.query<{ tier: Buffer; until: string | null }>(
    "SELECT tier, DATE_FORMAT(tier_until, '%Y-%m-%d') AS until FROM members WHERE id = ?",
    [id],
  );
  return [row!.tier.toString(), row!.until];
};

it('sets thresholds once a month, tiers by them, holds them twelve months, and goes on where it was cut off', async () => {
  const keeper = app.get(TierKeeper);
  for (let n = 0; n < 19; n++) await spends(1);
  expect(await keeper.computeThresholds('2030-01')).toBeNull();
  expect(await keeper.thresholds(db.database, '2030-01')).toBeNull();
  await db.asOwner.query('UPDATE members SET spend_fen = 0');
  // 40 members who bought something: 8 may be gold or better, 2 platinum. Ties at the border stay below.
  const ids: MemberId[] = [];
  for (let n = 1; n <= 40; n++) ids.push(await spends(n === 38 ? 39_00 : n * 100));
  const thresholds = await keeper.computeThresholds('2030-01');
  expect(thresholds).toEqual({ gold: 3300, platinum: 4000 });
  await db.asOwner.query('UPDATE members SET spend_fen = 999999 WHERE id = ?', [ids[0]]);
  expect(await keeper.computeThresholds('2030-01')).toEqual(thresholds);
  expect(await keeper.thresholds(db.database, '2031-07')).toBeNull();
  await db.asOwner.query('UPDATE members SET spend_fen = 100 WHERE id = ?', [ids[0]]);

  expect(await keeper.applyTiers('2030-01')).toBe(8);
  expect(await keeper.applyTiers('2030-01')).toBe(0);
  expect(await tierOf(ids[39]!)).toEqual(['platinum', '2031-01-01']);
  expect(await tierOf(ids[38]!)).toEqual(['gold', '2031-01-01']);
  expect(await tierOf(ids[31]!)).toEqual(['regular', null]);
  const [event] = await db.database.query<{ data: string }>(
    "SELECT data FROM member_events WHERE member_id = ? AND event_key = 'tier:2030-01'",
    [ids[39]!],
  );
  expect(JSON.parse(event!.data)).toEqual({ from: 'regular', to: 'platinum', until: '2031-01-01' });

  await db.asOwner.query('UPDATE members SET spend_fen = 1 WHERE id = ?', [ids[39]]);
  await keeper.computeThresholds('2030-12');
  await keeper.applyTiers('2030-12');
  expect(await tierOf(ids[39]!)).toEqual(['platinum', '2031-01-01']);
  await keeper.computeThresholds('2031-01');
  await db.unitOfWork.run((tx) =>
    tx.execute("INSERT INTO member_marks (name, value) VALUES ('tiers:2031-01', ?)", [String(ids[39]! - 1)]),
  );
  await keeper.applyTiers('2031-01');
  expect(await tierOf(ids[39]!)).toEqual(['regular', null]);
});

it('does nothing for a month without thresholds', async () => {
  expect(await app.get(TierKeeper).applyTiers('1999-01')).toBe(0);
});

it('waits with the thresholds of a month until the scans before it are folded', async () => {
  const member = await spends(1_000_000);
  const scanId = randomUUID().replaceAll('-', '').slice(0, 16);
  await db.unitOfWork.run((tx) => app.get(Outbox).append(tx, MembersScansRecorded, { scans: [[member, scanId]] }));
  await db.asOwner.query('UPDATE outbox SET created_at = created_at - INTERVAL 1 MINUTE');
  await app.get(TierKeeper).run();
  expect(await tierOf(member)).toEqual(['regular', null]);
  await db.asOwner.query('UPDATE outbox SET status = 1');
  await app.get(TierKeeper).run();
  expect((await tierOf(member))[0]).toBe('platinum');
});
