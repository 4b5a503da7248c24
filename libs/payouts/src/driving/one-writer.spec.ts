import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../../../..');

const ELSEWHERE = ['node_modules', 'dist', 'test', 'simulate', 'bench'];

/** Sources that run: no tests, no measurements, and not the simulator, whose database understands any statement. */
function sources(directory: string): string[] {
  return readdirSync(directory).flatMap((name) => {
    const path = join(directory, name);
    if (ELSEWHERE.includes(name)) return [];
    if (statSync(path).isDirectory()) return sources(path);
    return /\.ts$/.test(name) && !/\.(db\.|e2e-|browser-)?(spec|contract)\.ts$/.test(name) ? [path] : [];
  });
}

const files = ['libs', 'apps']
  .flatMap((folder) => sources(join(ROOT, folder)))
  .map((path) => ({ path: relative(ROOT, path), text: readFileSync(path, 'utf8') }));
const having = (pattern: RegExp) => files.filter(({ text }) => pattern.test(text)).map(({ path }) => path);
const DRIVING = 'libs/payouts/src/driving';

describe('a machine cannot change the bill of a payout whose outcome is unproven, because', () => {
  it('rows of payouts are written in one place, which asserts every write', () => {
    expect(having(/UPDATE\s+`?payouts\b/i).sort()).toEqual([
      `${DRIVING}/payout-change.ts`,
      `${DRIVING}/payouts.repository.ts`,
    ]);
    const { text } = files.find(({ path }) => path.endsWith('driving/payouts.repository.ts'))!;
    const plain = [...text.matchAll(/UPDATE payouts SET ([^`]*)`/g)].map(([, set]) => set!.split('WHERE')[0]!.trim());
    expect(plain).toEqual(['next_at = UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND']);
    expect(having(/updatePayouts\(tx/)).toEqual([`${DRIVING}/payout-change.ts`, `${DRIVING}/payouts.repository.ts`]);
    expect(text).toMatch(
      /writes\.forEach\(assertWrite\);\s+for \(const group of alike\(writes\)\) await updatePayouts/,
    );
  });

  it('moves that only people make are written in one place, where a second person has said yes', () => {
    expect(having(/byPeople: true/)).toEqual(['libs/payouts/src/cases/carry-out-decision.ts']);
    expect(having(/\bCarryOutDecision\b/).sort()).toEqual([
      'libs/payouts/src/cases/carry-out-decision.ts',
      'libs/payouts/src/cases/case-rooms.ts',
      'libs/payouts/src/cases/decide-money.ts',
    ]);
  });

  it('payouts are born in one place, and bills in one', () => {
    expect(having(/(INSERT|REPLACE)\s+INTO\s+`?payouts\b/i)).toEqual([`${DRIVING}/request-payout.ts`]);
    expect(having(/(INSERT\s+INTO|REPLACE\s+INTO|UPDATE|DELETE\s+FROM)\s+`?payout_bills\b/i)).toEqual([
      `${DRIVING}/bills.ts`,
    ]);
  });

  it('one function begins another offer, for a parameter that only a proven failure fits, and one use case calls it', () => {
    expect(having(/offerNo: payout\.offerNo \+ 1|offer_no = offer_no \+/)).toEqual([
      `${DRIVING}/payouts.repository.ts`,
    ]);
    expect(having(/\.nextOffer\(/)).toEqual([`${DRIVING}/request-payout.ts`]);
    const { text } = files.find(({ path }) => path.endsWith('driving/payouts.repository.ts'))!;
    expect(text).toMatch(/nextOffer\(tx: Tx, payout: FailedPayout/);
    expect(having(/as FailedPayout/)).toEqual(['libs/payouts/src/payout.ts']);
  });
});
