import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONSOLE_ACCESS } from '../console-access';

it('docs/money.md names only routes that there are, and every screen of finance', () => {
  const page = readFileSync(join(__dirname, '../../../../../docs/money.md'), 'utf8');
  const named = [...page.matchAll(/`((?:GET|POST|PUT) \/v1\/console\/[^`\s]+)`/g)].map(([, route]) => route!);
  expect(named.length).toBeGreaterThan(15);
  expect(named.filter((route) => !(route in CONSOLE_ACCESS))).toEqual([]);
  const lists = ['GET /v1/console/finance', 'GET /v1/console/finance/stuck', 'GET /v1/console/money-cases'];
  for (const route of [...lists, 'GET /v1/console/money-decisions', 'GET /v1/console/dead-jobs']) {
    expect(named).toContain(route);
  }
});
