import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { INCIDENT_KIND_NAMES, INCIDENT_KINDS } from './cases/incident-kinds';
import { CHANNEL_ERRORS } from './channels/channel-errors';
import { ALLOWED_MOVES, PAYOUT_STATES, PEOPLES_MOVES } from './payout-state';

const page = readFileSync(join(__dirname, '../../../docs/money.md'), 'utf8');
/** Formatting may pad the cells. */
const lines = page.split('\n').map((line) => line.replace(/ +/g, ' ').trim());
const cells = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
const rowsOf = (heading: string): string[][] => {
  const from = lines.indexOf(heading);
  const to = lines.findIndex((line, at) => at > from && line.startsWith('##'));
  return lines
    .slice(from, to === -1 ? undefined : to)
    .filter((line) => line.startsWith('| `'))
    .map(cells);
};

it('shows exactly the moves there are', () => {
  const rows = rowsOf('## States of a payout');
  expect(rows.map(([state]) => state)).toEqual(PAYOUT_STATES.map((state) => `\`${state}\``));
  for (const state of PAYOUT_STATES) {
    const row = rows.find(([name]) => name === `\`${state}\``)!;
    const names = (states: readonly string[]) => states.map((to) => `\`${to}\``).join(' ');
    const theirs = PEOPLES_MOVES[state] ?? [];
    const shown = names(ALLOWED_MOVES[state]) + (theirs.length > 0 ? `, two people: ${names(theirs)}` : '');
    expect([state, row[2]]).toEqual([state, shown]);
  }
});

it('lists every kind of case as it is', () => {
  const rows = rowsOf('## Cases (资金异常)');
  expect(rows.map(([kind]) => kind!).sort()).toEqual(INCIDENT_KIND_NAMES.map((kind) => `\`${kind}\``).sort());
  for (const kind of INCIDENT_KIND_NAMES) {
    const { title, freezes, closedBy } = INCIDENT_KINDS[kind];
    const row = rows.find(([name]) => name === `\`${kind}\``)!;
    expect(row.slice(1, 4)).toEqual([title, freezes ? 'yes' : 'no', closedBy]);
  }
});

it('lists every error code of every call of every channel, with what it leads to and means', () => {
  const wanted = Object.entries(CHANNEL_ERRORS).flatMap(([channel, calls]) =>
    Object.entries(calls).flatMap(([call, table]) =>
      Object.entries(table).map(([code, { reaction, words }]) => [channel, call, code, reaction, words]),
    ),
  );
  const listed = rowsOf('## Error codes')
    .filter((row) => row.length === 5)
    .map((row) => row.map((cell) => cell.replaceAll('`', '')));
  const text = (row: readonly unknown[]): string => row.join(' | ');
  expect(listed.map(text).sort()).toEqual(wanted.map(text).sort());
});

it('names every metric of money that the code keeps, and no other', () => {
  const sources = ['payouts', 'jobs', 'wechat'].flatMap((library) => {
    const folder = join(__dirname, '../..', library, 'src');
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
      .map((file) => readFileSync(join(folder, file), 'utf8'));
  });
  const kept = sources.flatMap((source) =>
    [...source.matchAll(/\b(?:counter|gauge|histogram)\(\s*'([a-z_]+)'/g)].map(([, name]) => name!),
  );
  const named = rowsOf('## Metrics and alarms').map(([name]) => name!.replaceAll('`', ''));
  expect(named.filter((name) => !kept.includes(name))).toEqual([]);
  expect(kept.filter((name) => name.startsWith('payout') && !named.includes(name))).toEqual([]);
});
