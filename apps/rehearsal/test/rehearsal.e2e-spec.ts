import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Test } from '@nestjs/testing';
import { ConfigModule, loadConfig } from '@app/config';
import { DatabaseModule } from '@app/database';
import { JobsModule } from '@app/jobs';
import { createLogger, ObservabilityModule } from '@app/observability';
import { ManageOperators, StaffModule } from '@app/staff';
import { startSystem, type ProcessEvent, type System } from '../../local/system.mjs';
import { Dice } from '../src/dice';
import type { Options } from '../src/options';
import { rehearse } from '../src/rehearse';
import { Sandbox } from '../src/sandbox';
import { Shopper } from '../src/shopper';
import { Tally } from '../src/tally';
import type { Payout } from '../src/wire';
import { buildWorld, enterConsole } from '../src/world';

const SHOPPERS = 60;
const HQ = [
  { login: 'hq-one', password: 'rehearsal-one-2026' },
  { login: 'hq-two', password: 'rehearsal-two-2026' },
];

let system: System;
let dataDir: string;
const events: ProcessEvent[] = [];

beforeAll(async () => {
  dataDir = mkdtempSync(join(process.env.TEST_DATA_DIR ?? tmpdir(), 'rehearsal-'));
  system = await startSystem({
    ...{ dataDir, profile: 'rehearsal', ports: 'free', quiet: true, env: { LOG_LEVEL: 'warn' } },
    onEvent: (event) => events.push(event),
  });
  await hire(system);
}, 120_000);

afterAll(async () => {
  await system?.stop();
  rmSync(dataDir, { recursive: true, force: true });
}, 60_000);

it('ends with both ledgers equal to the fen after faults at WeChat, killed and stopped processes, and an emptied Redis', async () => {
  const said: string[] = [];
  const { ok, text, verdict } = await rehearse(options(), (line) => said.push(line));
  if (!ok) throw new Error(`${said.join('\n')}\n${text}`);
  expect(verdict.differenceFen).toBe(0);
  expect(verdict.checks.map(({ name }) => name)).toEqual(expect.arrayContaining(['I1', 'I5', 'I6', 'I11', 'I12']));
  // The play was not an empty one.
  expect(text).toMatch(/shoppers +60 +signed in 60/);
  expect(text).toMatch(/strikes +[1-9]/);
  expect(text).toMatch(/Redis emptied +[1-9]/);
  expect(text).toMatch(/served again after +\d/);
  expect(Number(/payouts: SETTLED (\d+)/.exec(text)?.[1])).toBeGreaterThan(SHOPPERS / 4);
}, 240_000);

/** Dossier of a payout, as far as it is read here. */
interface Dossier {
  readonly payout: { readonly state: string; readonly attemptNo: number };
  readonly events: readonly { readonly kind: string }[];
}

it('a worker that is told to stop ends the exchange it has begun with WeChat: nobody has to guess and ask again', async () => {
  const { places } = options();
  const headquarters = await enterConsole(options());
  const world = await buildWorld(headquarters, options(), 1, new Dice(Date.now()));
  const sandbox = new Sandbox(places);
  const user = (await sandbox.users()).find(({ id }) => id === 'u01')!;
  const bottle = { kind: 'own', code: world.codes.active[0]! } as const;
  const shopper = new Shopper({ user, habits: ASKS_ONLY, bottles: [bottle] }, places, new Tally());
  await shopper.signIn(bottle.code);
  const slow = await sandbox.order({ scope: 'transfer.create', kind: 'slow', ms: 1_000 });
  const opened = shopper.open(bottle);
  await until(async () => (await sandbox.faults()).some(({ id, hits }) => id === slow.id && hits > 0));
  const before = events.length;
  expect(system.kill('worker', 'SIGTERM')).toBe(true);
  await until(() => events.slice(before).some(({ name, kind }) => name === 'worker' && kind === 'died'));
  const died = events.slice(before).find(({ name, kind }) => name === 'worker' && kind === 'died')!;
  expect([died.code, died.signal ?? null]).toEqual([0, null]);

  // What WeChat said is written down, by whom it was said to: the next worker has nothing to ask.
  await opened;
  const [bill] = (await sandbox.bills()).filter(({ userId }) => userId === user.id);
  const payouts = await headquarters.author.all<Payout>('payouts');
  const { payoutKey } = payouts.find(({ billNo }) => billNo === bill!.outBillNo)!;
  await system.waitUntilReady('worker');
  const dossier = await headquarters.author.get<Dossier>(`payouts/${encodeURIComponent(payoutKey)}/evidence`);
  expect(dossier.payout).toMatchObject({ state: 'WAIT_USER', attemptNo: 1 });
  expect(dossier.events.filter(({ kind }) => kind === 'attempt')).toHaveLength(1);
  expect(bill!.acceptedCount).toBe(1);
  await sandbox.clearFaults();
}, 90_000);

/** Taps 收款 and then leaves the phone on the table. */
const ASKS_ONLY = {
  ...{ tapsTwice: false, looksAgain: false, claims: true, confirms: false },
  ...{ comesBack: false, confirmsThen: false, sharesPlace: true },
};

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; !(await holds()); await sleep(50)) {
    if (Date.now() > end) throw new Error(`did not come to pass: ${holds.toString()}`);
  }
}

function options(): Options {
  const { env, urls } = system;
  return {
    ...{
      shoppers: SHOPPERS,
      seed: 11,
      chaos: 'storm',
      minutes: 0,
      atOnce: SHOPPERS,
      faultPercent: 30,
      quietWithinS: 120,
    },
    places: {
      home: env.PUBLIC_URL!,
      sandboxOpen: env.SANDBOX_OPEN_URL!,
      sandboxAdmin: env.SANDBOX_ADMIN_URL!,
      sandboxToken: env.SANDBOX_ADMIN_TOKEN!,
      redisUrl: env.REDIS_URL!,
      runFile: join(dataDir, 'run.json'),
      readyUrls: [`${urls.apiInternal}/readyz`, `${urls.workerInternal}/readyz`],
    },
    logins: HQ,
    resultFile: null,
  };
}

/** The first two people of headquarters: without the demo brand nobody is there yet. */
async function hire({ env }: System): Promise<void> {
  const app = await Test.createTestingModule({
    imports: [
      ConfigModule.forRoot(loadConfig('tool', env)),
      ObservabilityModule.forRoot(createLogger('spec', 'silent')),
      DatabaseModule.forRoot([]),
      JobsModule.forRoot({ run: false }),
      StaffModule,
    ],
  }).compile();
  app.enableShutdownHooks();
  await app.init();
  for (const person of HQ)
    await app
      .get(ManageOperators)
      .create(null, { ...person, name: person.login, roles: ['marketer', 'approver', 'finance', 'service', 'risk'] });
  await app.close();
}
