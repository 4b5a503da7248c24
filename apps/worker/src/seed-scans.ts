import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { NestFactory } from '@nestjs/core';
import { PeopleWindows } from '@app/analytics';
import { ConfigError, loadConfig } from '@app/config';
import { addDays, shanghaiDay } from '@app/kernel';
import { createLogger, NestLog } from '@app/observability';
import { DemoBrandBuilder } from './demo/demo-brand';
import { DemoChannel } from './demo/demo-channel';
import { DemoModule } from './demo/demo.module';
import { ManyScans } from './demo/many-scans';

const MOST_SCANS = 100_000_000;
const SAID_EVERY_MS = 2_000;

/** `seed-scans --scans 10000000`: a big brand's last three months, for looking at its screens. Cut off, it goes on where it was. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { scans: { type: 'string' } } });
  const scans = Number(values.scans);
  if (!Number.isInteger(scans) || scans < 1 || scans > MOST_SCANS) {
    throw new Error(`--scans takes a whole number up to ${MOST_SCANS}`);
  }
  const config = loadConfig('tool');
  if (config.profile === 'production') throw new Error('made-up scans are not for production');
  const log = createLogger('seed', 'warn');
  const app = await NestFactory.createApplicationContext(DemoModule.forRoot(config, log), { logger: new NestLog(log) });
  const [author, approver] = await app.get(DemoChannel).run();
  const brand = await app.get(DemoBrandBuilder).run({ author: author!, approver: approver! });
  const [began, said] = [performance.now(), { at: 0 }];
  await app.get(ManyScans).write(brand, scans, (day, written) => {
    if (performance.now() - said.at < SAID_EVERY_MS && written < scans) return;
    said.at = performance.now();
    const seconds = (performance.now() - began) / 1_000;
    say(`${day}  ${written.toLocaleString('en')} of ${scans.toLocaleString('en')} scans, ${seconds.toFixed(0)} s`);
  });
  say('counting people');
  await app.get(PeopleWindows, { strict: false }).runTo(addDays(shanghaiDay(new Date()), -1));
  await app.close();
  say('done');
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    const text = error instanceof ConfigError ? error.message : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`seed-scans failed: ${text}\n`);
    process.exit(1);
  },
);
