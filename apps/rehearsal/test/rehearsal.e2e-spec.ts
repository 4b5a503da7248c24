import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Test } from '@nestjs/testing';
import { ConfigModule, loadConfig } from '@app/config';
import { DatabaseModule } from '@app/database';
import { JobsModule } from '@app/jobs';
import { createLogger, ObservabilityModule } from '@app/observability';
import { ManageOperators, StaffModule } from '@app/staff';
import { startSystem, type System } from '../../local/system.mjs';
import type { Options } from '../src/options';
import { rehearse } from '../src/rehearse';

const SHOPPERS = 60;
const HQ = [
  { login: 'hq-one', password: 'rehearsal-one-2026' },
  { login: 'hq-two', password: 'rehearsal-two-2026' },
];

let system: System;
let dataDir: string;

beforeAll(async () => {
  dataDir = mkdtempSync(join(process.env.TEST_DATA_DIR ?? tmpdir(), 'rehearsal-'));
  system = await startSystem({ dataDir, profile: 'rehearsal', ports: 'free', quiet: true, env: { LOG_LEVEL: 'warn' } });
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
