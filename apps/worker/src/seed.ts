import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { NestFactory } from '@nestjs/core';
import { CONFIG, ConfigError, loadConfig, type Config } from '@app/config';
import { createLogger, NestLog, type Logger } from '@app/observability';
import { warmRegions } from '@app/regions';
import { BEGAN, DemoBrandBuilder, type DemoBrand } from './demo/demo-brand';
import { DemoChannel, LOGINS } from './demo/demo-channel';
import { DemoDesk } from './demo/demo-desk';
import { DemoEarlierMoney, earlierTimes } from './demo/demo-earlier-money';
import { DemoHistoryWriter } from './demo/demo-history';
import { DemoPayments } from './demo/demo-payments';
import { DemoFolds } from './demo/demo-folds';
import { DemoOddScans } from './demo/demo-odd-scans';
import { demoPeople } from './demo/demo-people';
import { DemoRedemptions } from './demo/demo-redemptions';
import { DemoReporter } from './demo/demo-report';
import { DemoService } from './demo/demo-service';
import { DemoStores } from './demo/demo-stores';
import { TOUR_PEOPLE } from './demo/demo-tour';
import { DemoTrouble } from './demo/demo-trouble';
import { DemoModule } from './demo/demo.module';
import { Dice } from './demo/dice';
import { PretendedClock } from './demo/pretended-clock';
import { SandboxAdmin } from './demo/sandbox-admin';

/**
 * What a newcomer sees is a whole summer; systems that are thrown away after a test get a short one, in which nothing went wrong: a rehearsal
 * counts every incident as one of its own.
 */
const SIZES = {
  local: { people: 3000, scans: 100_000, historyMs: 75_000, earlier: { most: 96, budgetMs: 3_000 }, trouble: true },
  rehearsal: { people: 500, scans: 5000, historyMs: 12_000, earlier: { most: 16, budgetMs: 1_000 }, trouble: false },
} as const;
const PAYMENTS_MS = 6_000;
const PAYMENTS = 240;
/** Whatever WeChat means by it. */
const STRANGE_CODE = 'PAYEE_UNDER_REVIEW';
const DAY_MS = 86_400_000;
const HISTORY_DAYS = 165;
const SEED = 20260601;
const SERVICE = LOGINS.findIndex(({ login }) => login === 'qinghe-service');

type Context = Awaited<ReturnType<typeof NestFactory.createApplicationContext>>;

/** Writes the demo brand through the real use cases. Running it again changes nothing and prints the report anew. */
async function main(): Promise<void> {
  const config = loadConfig('tool');
  if (config.profile === 'production')
    throw new Error('the demo brand is not for production: its passwords are public');
  const log = createLogger('seed', config.log.level);
  // The rooms speak only of trouble: thousands of scans and payouts would drown the few steps of this story.
  const quiet = createLogger('seed', config.log.level === 'info' ? 'warn' : config.log.level);
  warmRegions();
  const module = DemoModule.forRoot(config, quiet);
  const app = await NestFactory.createApplicationContext(module, { logger: new NestLog(quiet) });
  const { people, brand } = await app.get(PretendedClock).at(BEGAN, () => openBrand(app));
  log.info({ campaignIds: brand.campaignIds }, 'demo brand is there');
  if (!(await app.get(DemoHistoryWriter).isWritten())) {
    await tellHistory(app, brand, SIZES[config.profile], people, log);
    await app.get(DemoService).run({ owner: people[0]!, service: people[SERVICE]! });
    log.info('the service desk has something to do');
  }
  const report = await app.get(DemoReporter).run(brand);
  await app.close();
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

/** People, shops, products and campaigns; `people` in the order of LOGINS. */
async function openBrand(app: Context): Promise<{ people: readonly number[]; brand: DemoBrand }> {
  const people = await app.get(DemoChannel).run();
  const [author, approver] = people;
  await app.get(DemoStores).run();
  return { people, brand: await app.get(DemoBrandBuilder).run({ author: author!, approver: approver! }) };
}

async function tellHistory(
  app: Context,
  brand: DemoBrand,
  size: (typeof SIZES)[keyof typeof SIZES],
  operators: readonly number[],
  log: Logger,
): Promise<void> {
  const dice = new Dice(SEED);
  const sandbox = sandboxOf(process.env);
  const people = [...demoPeople(size.people, dice), ...TOUR_PEOPLE];
  const openids = sandbox
    ? await sandbox.addUsers(people.map(({ adcode: _, thirst: __, ...user }) => user))
    : people.map(({ id }) => `demo-openid-${id}`);
  const to = new Date();
  const from = new Date(to.getTime() - HISTORY_DAYS * DAY_MS);
  const earlier = earlierTimes(to);
  const story = { from, to, booked: earlier.won, count: size.scans, budgetMs: size.historyMs, dice };
  const { scans, wins, members } = await app.get(DemoHistoryWriter).write(brand, people, openids, story);
  await app.get(DemoOddScans).tell(brand, people, members, to);
  log.info({ scans, wins: wins.length, people: people.length }, 'demo history is written');
  await app.get(DemoFolds).run();
  log.info('members have their tiers');
  const staffed = await app.get(DemoStores).staff(openids);
  const redeemed = await app.get(DemoRedemptions).tell(staffed, brand.teas[0]!.productId, dice);
  if (staffed[0]) await app.get(DemoRedemptions).settle(staffed[0].distributorId, operators);
  log.info({ redeemed }, 'stores handed prizes over');
  const [merchant] = app.get<Config>(CONFIG, { strict: false }).wechat.merchants;
  const { mchId } = merchant!;
  await app.get(DemoDesk).run(brand, operators, mchId);
  if (!sandbox) return;
  const before = await app.get(DemoEarlierMoney).run(wins, earlier, sandbox, { mchId, ...size.earlier });
  if (before > 0) await app.get(DemoTrouble).writeOff(brand, operators, earlier.paidAt);
  if (before > 0 && size.trouble) {
    await app.get(DemoTrouble).exception(sandbox, operators, { mchId, paidAt: earlier.paidAt });
    await sandbox.answerStrangely(STRANGE_CODE, 2);
  }
  const paid = await app.get(DemoPayments).run(wins.slice(-PAYMENTS), sandbox, PAYMENTS_MS);
  log.info({ before, paid }, 'demo prizes are confirmed');
}

/** The stand-in WeChat's operator; without one there is a history, but nobody to pay it out. */
function sandboxOf({ SANDBOX_ADMIN_URL: url, SECRETS_FILE: file }: NodeJS.ProcessEnv): SandboxAdmin | null {
  if (!url || !file) return null;
  const secrets = JSON.parse(readFileSync(file, 'utf8')) as { sandbox: { adminToken: string } };
  return new SandboxAdmin(url, secrets.sandbox.adminToken);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    const text = error instanceof ConfigError ? error.message : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`seed failed: ${text}\n`);
    process.exit(1);
  },
);
