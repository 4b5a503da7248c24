import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { textOf } from '@app/database';
import { openTestDatabase, testConfig, type TestDatabase } from '@app/testing';
import { FakeWechat } from '../channels/fake-wechat.contract';
import { LedgerCheck } from '../ledger/ledger-check';
import { openPayouts, QUICK, type PayoutsRig, type Prize } from './payouts-rig.contract';
import { ReconcilePayouts } from './reconcile-payouts';
import { Recovery } from './recovery';
import { DecideMoney } from '../cases/decide-money';
import { CloseCase } from '../cases/work-on-case';
import { RestoreWatch } from './restore-watch';

const SETUP_MS = 60_000;
jest.setTimeout(40_000);

let db: TestDatabase;
let dataDir: string;
let wechat: FakeWechat;
let rig: PayoutsRig;
beforeAll(async () => {
  // Its own database: everything in it is asked about, and it is set back.
  process.env.TEST_DATABASE_SUFFIX = `${process.env.TEST_DATABASE_SUFFIX ?? ''}recovery_`;
  db = await openTestDatabase({ own: 'recovery' });
}, SETUP_MS);
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'yima-recovery-'));
  wechat = new FakeWechat();
  rig = await open();
}, SETUP_MS);
afterEach(async () => {
  await rig.close();
  rmSync(dataDir, { recursive: true, force: true });
});
afterAll(() => db.close());

async function open(): Promise<PayoutsRig> {
  const config = testConfig({ waitsChange: QUICK });
  return openPayouts(db, { wechat, config: { ...config, http: { ...config.http, dataDir } } });
}

const query = <T>(sql: string, params: (string | number)[] = []) => db.database.query<T>(sql, params);
const stateOf = async (prize: Prize) => (await rig.payout(prize))?.state ?? null;
const billOf = async (prize: Prize) => (await rig.payout(prize)).billNo!;
const makeDue = (prize: Prize) =>
  query('UPDATE payouts SET next_at = UTC_TIMESTAMP(6) WHERE payout_key = ?', [prize.payoutKey]);
const take = async (prize: Prize) => {
  await wechat.take(await billOf(prize));
  await makeDue(prize);
  await rig.drive(prize);
};
const asked = async (prize: Prize) => {
  await rig.request(prize);
  await rig.drive(prize);
};
const incidents = async (kind: string) =>
  (
    await query<{ payout_key: Buffer | null }>(
      'SELECT payout_key FROM payout_incidents WHERE kind = ? AND resolved_at IS NULL',
      [kind],
    )
  ).map((row) => row.payout_key && textOf(row.payout_key));
const creditedTo = (prize: Prize) =>
  [...wechat.bills.values()].reduce((sum, bill) => sum + (bill.openid === prize.openid ? bill.creditedFen : 0), 0);

/** All tables but the schema's own, copied aside as a backup does. */
async function backUp(): Promise<() => Promise<void>> {
  const rows: { name: string }[] = await db.asOwner.query(
    `SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'backup\\_%' AND table_name <> 'migrations'`,
  );
  const tables = rows.map(({ name }) => name);
  for (const table of tables) {
    await db.asOwner.query(`DROP TABLE IF EXISTS backup_${table}`);
    await db.asOwner.query(`CREATE TABLE backup_${table} AS SELECT * FROM ${table}`);
  }
  return async () => {
    for (const table of tables) {
      await db.asOwner.query(`DELETE FROM ${table}`);
      await db.asOwner.query(`INSERT INTO ${table} SELECT * FROM backup_${table}`);
      await db.asOwner.query(`DROP TABLE backup_${table}`);
    }
  };
}

it('I4 I5 yesterday’s copy comes back: nothing is sent before WeChat was asked, the same numbers come out, each prize is paid once', async () => {
  await rig.get(RestoreWatch).watch();
  const [waiting, settled, failed, pending, unknown] = (await Promise.all(
    Array.from({ length: 5 }, (_, at) => rig.prize(200 + at)),
  )) as [Prize, Prize, Prize, Prize, Prize];
  for (const prize of [waiting, settled, failed]) await asked(prize);
  await take(settled);
  await rig.request(pending);
  await rig.request(unknown);
  await wechat.disturb('silence_after_commit');
  await rig.drive(unknown);
  expect(await stateOf(unknown)).toBe('UNKNOWN');
  const restore = await backUp();

  // Life goes on after the copy: one is taken, one fails and is asked for again, one is sent and taken.
  await rig.get(RestoreWatch).watch();
  await take(waiting);
  wechat.end(await billOf(failed), 'OVERDUE_CLOSE');
  await makeDue(failed);
  await rig.drive(failed);
  await asked(failed);
  await take(failed);
  await rig.drive(pending);
  await take(pending);
  const numbers = new Set(wechat.bills.keys());
  expect([await stateOf(waiting), await stateOf(failed), await stateOf(pending)]).toEqual(Array(3).fill('SETTLED'));

  await rig.close();
  await restore();
  rig = await open();
  expect([await stateOf(waiting), await stateOf(failed), await stateOf(pending)]).toEqual([
    ...['WAIT_USER', 'WAIT_USER', 'PENDING'],
  ]);
  await rig.get(RestoreWatch).watch();
  expect(await rig.get(Recovery).report()).toMatchObject({ open: true, reason: 'database_set_back' });
  expect(await incidents('recovery')).toHaveLength(1);
  const sends = wechat.sends;
  for (const prize of [waiting, failed, pending, unknown]) {
    await makeDue(prize);
    await rig.drive(prize);
  }
  await rig.get(ReconcilePayouts).run();
  expect(wechat.sends).toBe(sends);
  expect(await stateOf(pending)).toBe('PENDING');

  await rig.get(Recovery).run();
  expect(await rig.get(Recovery).report()).toMatchObject({ open: false });
  expect(await incidents('recovery')).toEqual([]);
  expect(wechat.sends).toBe(sends);
  const questions = await query<{ bill_no: Buffer }>(
    `SELECT DISTINCT a.bill_no FROM payout_attempts a JOIN payout_recoveries r ON a.started_at >= r.opened_at
     WHERE a.act = 'query' AND r.id = (SELECT MAX(id) FROM payout_recoveries)`,
  );
  expect(questions.map((row) => textOf(row.bill_no))).toEqual(
    expect.arrayContaining([await billOf(waiting), await billOf(settled), await billOf(unknown)]),
  );

  for (const prize of [pending, failed]) {
    await rig.request(prize);
    await makeDue(prize);
    await rig.drive(prize);
  }
  expect([await stateOf(waiting), await stateOf(failed), await stateOf(pending)]).toEqual(Array(3).fill('SETTLED'));
  expect(new Set(wechat.bills.keys())).toEqual(numbers);
  for (const prize of [waiting, settled, failed, pending]) expect(creditedTo(prize)).toBe(prize.amountFen);
  expect(await rig.get(LedgerCheck).run()).toEqual([]);
  const contradicted = await incidents('contradiction');
  for (const prize of [waiting, settled, failed, pending]) expect(contradicted).not.toContain(prize.payoutKey);
});

it('what we hold settled and WeChat does not is a contradiction; silence keeps the recovery open; a riddle among answers does not', async () => {
  const [paid, other, riddle] = [await rig.prize(), await rig.prize(), await rig.prize()];
  for (const prize of [paid, other, riddle]) await asked(prize);
  await take(paid);
  wechat.bills.get(await billOf(paid))!.state = 'failed';
  await rig.get(Recovery).open('by_hand');
  wechat.silent = true;
  await rig.get(Recovery).run();
  expect(await rig.get(Recovery).report()).toMatchObject({ open: true, asked: 0 });
  wechat.silent = false;
  const riddleNo = await billOf(riddle);
  wechat.puzzle(riddleNo);
  for (let turn = 0; turn < 8 && (await rig.get(Recovery).report()).open; turn++) await rig.get(Recovery).run();
  expect((await rig.get(Recovery).report()).open).toBe(false);
  expect(await incidents('contradiction')).toContain(paid.payoutKey);
  expect(await incidents('stuck')).toContain(riddle.payoutKey);
});

it('a file that is older than the database, or missing, opens nothing', async () => {
  const watch = rig.get(RestoreWatch);
  await watch.watch();
  const file = join(dataDir, 'payout-marker.json');
  const { beats } = JSON.parse(readFileSync(file, 'utf8')) as { beats: number };
  writeFileSync(file, JSON.stringify({ beats: beats - 1 }));
  await watch.look();
  rmSync(file);
  await watch.look();
  expect((await rig.get(Recovery).report()).open).toBe(false);
});

describe('two people end the standstill', () => {
  const end = async () => {
    const [row] = await query<{ id: string }>(
      "SELECT id FROM payout_incidents WHERE kind = 'recovery' AND resolved_at IS NULL",
    );
    const closing = await rig.get(CloseCase).run({ caseId: Number(row!.id), by: 1, reason: '微信一直没有回答' });
    if (closing.outcome !== 'asked') throw new Error('one person ended it');
    const vote = { ...closing, by: 2, note: '' };
    await expect(rig.get(DecideMoney).approve({ ...vote, by: 1 })).rejects.toMatchObject({ code: 'same_person' });
    expect((await rig.get(Recovery).report()).open).toBe(true);
    await rig.get(DecideMoney).approve(vote);
  };

  it('while WeChat is silent: what nobody asked about stays held, everything else goes on, and the asking too', async () => {
    const [unasked, fresh] = [await rig.prize(), await rig.prize()];
    await rig.request(unasked);
    await wechat.disturb('not_sent');
    await rig.drive(unasked);
    await rig.get(Recovery).open('by_hand');
    wechat.silent = true;
    await rig.get(Recovery).run();
    await rig.request(fresh);
    await makeDue(fresh);
    await rig.drive(fresh);
    expect([await stateOf(unasked), await stateOf(fresh)]).toEqual(['PENDING', 'PENDING']);
    await end();
    expect(await incidents('recovery')).toEqual([]);
    const report = await rig.get(Recovery).report();
    expect([report.open, report.left > 0]).toEqual([false, true]);
    for (const prize of [unasked, fresh]) {
      await makeDue(prize);
      await rig.drive(prize);
    }
    expect([await stateOf(unasked), await stateOf(fresh)]).toEqual(['PENDING', 'WAIT_USER']);
    wechat.silent = false;
    for (let turn = 0; turn < 8 && (await rig.get(Recovery).report()).left > 0; turn++) await rig.get(Recovery).run();
    expect(await rig.get(Recovery).report()).toMatchObject({ open: false, left: 0 });
    await makeDue(unasked);
    await rig.drive(unasked);
    expect(await stateOf(unasked)).toBe('WAIT_USER');
    const audited = await query<{ act: Buffer | string }>(
      "SELECT act FROM audit_log WHERE act IN ('payouts.ask-close-case', 'payouts.approve-close') ORDER BY id",
    );
    expect(
      audited
        .map(({ act }) => String(act))
        .slice(-2)
        .sort(),
    ).toEqual(['payouts.approve-close', 'payouts.ask-close-case']);
  });
});

describe('a folder that cannot hold the marker', () => {
  const at = async (folder: string): Promise<PayoutsRig> => {
    const config = testConfig({ waitsChange: QUICK });
    return openPayouts(db, { wechat, config: { ...config, http: { ...config.http, dataDir: folder } } });
  };
  const open = async () => (await rig.get(Recovery).report()).open;

  it('does not stop the worker; nobody can know, so once a recovery opens to be safe', async () => {
    await asked(await rig.prize());
    const folder = mkdtempSync(join(tmpdir(), 'yima-unkept-'));
    // Nobody can write where a folder stands.
    mkdirSync(join(folder, `payout-marker.json.${process.pid}.new`));
    const worker = await at(folder);
    await worker.get(RestoreWatch).watch();
    expect(await rig.get(Recovery).report()).toMatchObject({ open: true, reason: 'marker_cannot_be_kept' });
    for (let turn = 0; turn < 8 && (await open()); turn++) await rig.get(Recovery).run();
    expect(await open()).toBe(false);
    await worker.get(RestoreWatch).watch();
    expect(await open()).toBe(false);
    // What this process saw itself still counts.
    await db.asOwner.query('UPDATE payout_beats SET beats = beats - 1');
    await worker.get(RestoreWatch).watch();
    expect(await rig.get(Recovery).report()).toMatchObject({ open: true, reason: 'database_set_back' });
    for (let turn = 0; turn < 8 && (await open()); turn++) await rig.get(Recovery).run();
    await worker.close();
  });

  it('nor does a file that nobody can read: it is written anew', async () => {
    await asked(await rig.prize());
    const file = join(dataDir, 'payout-marker.json');
    writeFileSync(file, '{"beats":');
    await rig.get(RestoreWatch).watch();
    expect(await rig.get(Recovery).report()).toMatchObject({ open: true, reason: 'marker_unreadable' });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ beats: expect.any(Number) as number });
    for (let turn = 0; turn < 8 && (await open()); turn++) await rig.get(Recovery).run();
    expect(await open()).toBe(false);
  });
});
