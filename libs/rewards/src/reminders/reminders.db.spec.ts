import { randomUUID } from 'node:crypto';
import { Test, type TestingModule } from '@nestjs/testing';
import { campaignsEntities, campaignTemplate, PublishCampaign, SaveDraft, type CampaignContent } from '@app/campaigns';
import { codesEntities } from '@app/codes';
import { ConfigModule } from '@app/config';
import { DatabaseModule, UnitOfWork } from '@app/database';
import { JobsModule } from '@app/jobs';
import { fen, type MemberId, type ScanId } from '@app/kernel';
import { SignIn, TextMember } from '@app/members';
import { createLogger, ObservabilityModule } from '@app/observability';
import { openTestDatabase, openTestSandbox, type TestDatabase, type TestSandbox } from '@app/testing';
import { AwardIds, Awards, ClaimAward, payoutKeyOf, RewardsModule, type AwardRow } from '../index';
import { AwardsWonHandler } from '../won/awards-won.handler';
import { MessageConsents } from './message-consents.repository';
import { SendReminders } from './send-reminders';

jest.setTimeout(60_000);

const TEMPLATE = {
  id: 'sandbox-notice-award-waiting-0001',
  fields: { what: 'thing1', amount: 'amount2', until: 'time3' },
};
const SUBSCRIPTION = { ...TEMPLATE, id: 'sandbox-subscribe-award-waiting-0001' };

let db: TestDatabase;
let sandbox: TestSandbox;
let app: TestingModule;
let version: { campaignId: number; versionId: number };
/** Members with a number, and what was written to them. */
const reachable = new Set<MemberId>();
const texts: { member: MemberId; messageId: string; text: string }[] = [];
const batch = 1_000_000 + Number(process.hrtime.bigint() % 3_000_000n);
let serial = 0;

/** Numbers and consents are the members' own business (text-member.db.spec.ts); the gateway knows a message by its id. */
const phones: Pick<TextMember, 'send'> = {
  send: (member, { messageId, text }) => {
    if (!reachable.has(member)) return Promise.resolve({ kind: 'unreachable' });
    if (!texts.some((one) => one.messageId === messageId)) texts.push({ member, messageId, text });
    return Promise.resolve({ kind: 'accepted' });
  },
};

beforeAll(async () => {
  db = await openTestDatabase();
  sandbox = await openTestSandbox();
  await db.database.query('UPDATE wechat_credentials SET expires_at = UTC_TIMESTAMP(6)');
  await db.database.query('DELETE FROM reminders');
  const base = sandbox.config({
    database: { url: db.url, poolSize: 10 },
    waitsChange: {
      ...{ remindUnclaimedMs: [1, 1], remindConfirmMs: [1], remindReturnedMs: [1], remindEveryMs: 1 },
      ...{ remindLeaseMs: 1, wechatTimeoutMs: 1500 },
    },
  });
  const config = {
    ...base,
    wechat: { ...base.wechat, reminders: { template: TEMPLATE, subscription: SUBSCRIPTION } },
    sms: { gatewayUrl: 'http://127.0.0.1:1', token: null },
  };
  app = await Test.createTestingModule({
    imports: [
      ConfigModule.forRoot(config),
      ObservabilityModule.forRoot(createLogger('spec', 'silent')),
      DatabaseModule.forRoot([...campaignsEntities, ...codesEntities]),
      JobsModule.forRoot({ run: false }),
      RewardsModule,
    ],
  })
    .overrideProvider(TextMember)
    .useValue(phones)
    .compile();
  app.enableShutdownHooks();
  await app.init();
  version = await published();
}, 90_000);
afterEach(async () => {
  await sandbox.noFaults();
  await db.database.query('DELETE FROM reminders');
});
afterAll(async () => {
  if (version) await db.asOwner.query("UPDATE campaigns SET status = 'ended' WHERE id = ?", [version.campaignId]);
  await app?.close();
  await sandbox?.stop();
  await db?.close();
});

const inTx: UnitOfWork['run'] = (work) => app.get(UnitOfWork).run(work);

async function published(): Promise<typeof version> {
  const rules: CampaignContent['rules'] = [
    {
      ...{ key: 'all', name: '人人有奖', when: { all: [] } },
      then: { mode: 'drawn', prizes: [{ key: 'cash', odds: 1_000_000 }], fallbackPrizeKey: null },
    },
  ];
  const cash = { key: 'cash', name: '红包', stock: null, kind: 'cash', amount: { type: 'fixed', fen: 188 } } as const;
  const content = campaignTemplate(`提醒 ${batch}`, 9, {
    ...{ scope: { products: [], batches: [batch] }, prizes: [cash], rules, caps: [] },
  });
  const { campaignId } = await app.get(SaveDraft).run({ content, by: 1 });
  const { versionId } = await app.get(PublishCampaign).run({ campaignId, by: 1, approvedBy: 2 });
  return { campaignId, versionId };
}

interface Person {
  readonly id: string;
  readonly member: MemberId;
}

async function person(follows: boolean): Promise<Person> {
  const id = `r-${randomUUID().slice(0, 12)}`;
  const openid = await sandbox.addUser(id, { follows });
  return { id, member: await app.get(SignIn).run({ openid }) };
}

async function won({ member }: Person): Promise<AwardRow> {
  const award: AwardRow = {
    ...{ code: { batch, layer: 0, serial: serial++ }, slot: 0, member, scanId: randomUUID() as string as ScanId },
    ...{ ...version, ruleKey: 'all', prizeKey: 'cash', prizeKind: 'cash', prizeName: '红包' },
    ...{ amountFen: fen(188), budgetId: 9, wonAt: new Date() },
  };
  await inTx((tx) => app.get(Awards).insert(tx, [award]));
  const delivery = { outboxId: '0', delivery: 1, completeIn: () => Promise.resolve(true) };
  await app.get(AwardsWonHandler).handle({ awards: [payoutKeyOf(award)] }, delivery);
  return award;
}

const claim = (award: AwardRow) =>
  app.get(ClaimAward).run(award.member, app.get(AwardIds).make(award.code, award.slot));
const messagesOf = async ({ id }: Person) =>
  (await sandbox.admin<{ messages: { kind: string; lines: { value: string }[] }[] }>('GET', `/messages?userId=${id}`))
    .messages;
const pass = () => new Promise((resolve) => setTimeout(resolve, 20));
/** Everything that is due, and what follows from it, until nothing is. */
async function runAll(times = 1): Promise<void> {
  for (let round = 0; round < times; round++) {
    await pass();
    await app.get(SendReminders).run();
  }
}
const rows = (award: AwardRow) =>
  db.database.query<{ step: Buffer; state: Buffer; way: Buffer | null; outcome: Buffer | null }>(
    'SELECT step, state, way, outcome FROM reminders WHERE payout_key = ? ORDER BY step',
    [payoutKeyOf(award)],
  );
const seen = async (award: AwardRow) =>
  (await rows(award)).map(({ step, state, way }) => [step, state, way].map((part) => part?.toString() ?? null));

it('tells a follower once per rung, however many workers look at the same moment', async () => {
  const follower = await person(true);
  const award = await won(follower);
  await pass();
  await Promise.all(Array.from({ length: 5 }, () => app.get(SendReminders).run()));
  expect(await messagesOf(follower)).toHaveLength(1);
  await runAll(4);
  const messages = await messagesOf(follower);
  expect(messages.map(({ kind }) => kind)).toEqual(['template', 'template']);
  expect(messages[0]!.lines[1]!.value).toBe('1.88元');
  expect(await seen(award)).toEqual([
    ['unclaimed1', 'done', 'template'],
    ['unclaimed2', 'done', 'template'],
  ]);
});

it('sends one message when the answer was lost on the way', async () => {
  const follower = await person(true);
  await won(follower);
  await sandbox.fault({ scope: 'message.template', kind: 'system_error_after_commit', next: 1 });
  await runAll(2);
  const messages = await messagesOf(follower);
  expect(messages.length).toBeGreaterThanOrEqual(1);
  const reminders = await db.database.query("SELECT 1 FROM reminders WHERE state = 'done' AND way = 'template'");
  expect(messages).toHaveLength(reminders.length);
});

it('goes on to the one message that somebody agreed to, and uses the consent up', async () => {
  const stranger = await person(false);
  await sandbox.admin('POST', `/users/${stranger.id}/consents`, { templateId: SUBSCRIPTION.id });
  await inTx((tx) => app.get(MessageConsents).add(tx, stranger.member, SUBSCRIPTION.id));
  const award = await won(stranger);
  await runAll(3);
  expect((await messagesOf(stranger)).map(({ kind }) => kind)).toEqual(['subscription']);
  expect(await seen(award)).toEqual([
    ['unclaimed1', 'done', 'subscribe'],
    ['unclaimed2', 'done', 'visit'],
  ]);
});

it('never repeats a subscription message whose answer was lost', async () => {
  const stranger = await person(false);
  for (let consent = 0; consent < 3; consent++) {
    await sandbox.admin('POST', `/users/${stranger.id}/consents`, { templateId: SUBSCRIPTION.id });
  }
  await inTx((tx) => app.get(MessageConsents).add(tx, stranger.member, SUBSCRIPTION.id));
  const award = await won(stranger);
  await sandbox.fault({ scope: 'message.subscribe', kind: 'system_error_after_commit', next: 1 });
  await runAll(3);
  expect(await messagesOf(stranger)).toHaveLength(1);
  expect((await seen(award))[0]).toEqual(['unclaimed1', 'done', 'subscribe']);
});

it('writes to the phone of whoever cannot be reached in WeChat', async () => {
  const stranger = await person(false);
  reachable.add(stranger.member);
  const award = await won(stranger);
  await runAll(3);
  expect(texts.map(({ member }) => member)).toEqual([stranger.member, stranger.member]);
  expect(texts[0]!.text).toContain('1.88 元');
  expect(await seen(award)).toEqual([
    ['unclaimed1', 'done', 'sms'],
    ['unclaimed2', 'done', 'sms'],
  ]);
  expect(await messagesOf(stranger)).toEqual([]);
});

it('says nothing any more once the money was asked for; then of confirming, and of what came back', async () => {
  const follower = await person(true);
  const award = await won(follower);
  await claim(award);
  const key = payoutKeyOf(award);
  const put = (state: string, more = '') =>
    db.asOwner.query(`UPDATE payouts SET state = ?, next_at = NULL ${more} WHERE payout_key = ?`, [state, key]);
  await put('WAIT_USER');
  await runAll(1);
  expect(await seen(award)).toEqual([
    ['confirm1', 'done', 'template'],
    ['returned1', 'planned', null],
  ]);
  expect(await messagesOf(follower)).toHaveLength(1);
  await runAll(3);
  expect(await messagesOf(follower)).toHaveLength(1);
  await put('FAILED', ", fail_reason = 'OVERDUE_CLOSE'");
  await runAll(2);
  expect(await messagesOf(follower)).toHaveLength(2);
  await claim(award);
  await put('SETTLED');
  await runAll(3);
  expect(await messagesOf(follower)).toHaveLength(2);
});

it('whatever goes wrong outside, the money moves as if there were no reminders', async () => {
  const follower = await person(true);
  const award = await won(follower);
  await sandbox.fault({ scope: 'message.template', kind: 'unknown_code' });
  await runAll(2);
  expect((await claim(award)).state).toBe('preparing');
});
