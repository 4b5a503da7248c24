import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from './places.mjs';
import { runOnPrivateSystem } from './private-run.mjs';
import { PlainError, runCommand } from './stopping.mjs';

/**
 * `npm run faults -- [--rounds 3] [--shoppers 300] [--minutes 1] [--seed 1] [--faults 30] [--again]`: rehearsals in which api, worker,
 * MariaDB and Redis are killed or stopped at random, Redis is emptied every five seconds and WeChat fails at 30 %. Each round is a fresh
 * system. The figures are kept round by round, so that a run that was broken off goes on where it was; `--again` begins anew.
 */
const NOTES = join(ROOT, '.data', 'faults.json');
const MOST_ROUNDS = 1_000;

async function main() {
  const wanted = readArguments(process.argv.slice(2));
  const { again, ...setting } = wanted;
  const known = again ? null : readNotes();
  const rounds = known && JSON.stringify(known.setting) === JSON.stringify(setting) ? known.rounds : [];
  if (rounds.length > 0)
    console.log(`${rounds.length} of ${setting.rounds} rounds were done before; --again begins anew`);
  const resultFile = join(ROOT, '.data', 'faults-round.json');
  while (rounds.length < setting.rounds) {
    const seed = setting.seed + rounds.length;
    console.log(`\n== round ${rounds.length + 1} of ${setting.rounds}, seed ${seed}`);
    rmSync(resultFile, { force: true });
    const args = ['--storm', '--seed', seed, '--shoppers', setting.shoppers, '--minutes', setting.minutes];
    const more = ['--faults', setting.faults, '--at-once', 100, '--result', resultFile];
    const code = await runOnPrivateSystem('rehearsal', [...args, ...more].map(String), { seed: true });
    if (!existsSync(resultFile)) throw new PlainError(`round ${rounds.length + 1} was not played to its end`);
    rounds.push({ seed, ...JSON.parse(readFileSync(resultFile, 'utf8')) });
    mkdirSync(join(ROOT, '.data'), { recursive: true });
    writeFileSync(NOTES, JSON.stringify({ setting, rounds }));
    if (code !== 0) break;
  }
  console.log(summary(rounds));
  return rounds.length === setting.rounds && rounds.every(({ ok }) => ok) ? 0 : 1;
}

function readArguments(argv) {
  const whole = (value, least, most, name) => {
    const number = Number(value);
    if (Number.isInteger(number) && number >= least && number <= most) return number;
    throw new PlainError(`--${name} must be a whole number from ${least} to ${most}`);
  };
  const text = (value) => ({ type: 'string', default: String(value) });
  const options = { rounds: text(3), shoppers: text(300), minutes: text(1), seed: text(1), faults: text(30) };
  const { values } = parseArgs({ args: argv, options: { ...options, again: { type: 'boolean', default: false } } });
  return {
    rounds: whole(values.rounds, 1, MOST_ROUNDS, 'rounds'),
    shoppers: whole(values.shoppers, 1, 100_000, 'shoppers'),
    minutes: whole(values.minutes, 0, 600, 'minutes'),
    seed: whole(values.seed, 0, 2 ** 31, 'seed'),
    faults: whole(values.faults, 0, 60, 'faults'),
    again: values.again,
  };
}

function readNotes() {
  try {
    return JSON.parse(readFileSync(NOTES, 'utf8'));
  } catch {
    return null;
  }
}

function summary(rounds) {
  const sum = (of) => rounds.reduce((all, round) => all + of(round), 0);
  const times = rounds.flatMap(({ recoveriesMs }) => recoveriesMs).sort((a, b) => a - b);
  const seconds = (ms) => `${((ms ?? 0) / 1_000).toFixed(1)} s`;
  const strikes = sum(({ struck }) => Object.values(struck).reduce((all, count) => all + count, 0));
  return [
    '',
    `  rounds            ${rounds.length}, sound ${rounds.filter(({ ok }) => ok).length}`,
    `  strikes           ${strikes}, Redis emptied ${sum(({ flushes }) => flushes)}`,
    `  scans answered    ${sum(({ scansAnswered }) => scansAnswered)}`,
    `  served again in   ${seconds(times[times.length >> 1])} (median), ${seconds(times.at(-1))} (longest)`,
    `  quiet after       ${rounds.map(({ quietMs }) => seconds(quietMs)).join(', ')}`,
    `  settled           ${(sum(({ settledFen }) => settledFen) / 100).toFixed(2)} yuan`,
    `  difference        ${sum(({ differenceFen }) => differenceFen)} fen`,
    '',
  ].join('\n');
}

await runCommand(main);
