import { databaseNow } from '@app/database';
import { openTestDatabase, type TestDatabase } from '@app/testing';
import { PretendedClock } from './pretended-clock';

const DAY_MS = 86_400_000;
let db: TestDatabase;
let clock: PretendedClock;
beforeAll(async () => {
  db = await openTestDatabase();
  clock = new PretendedClock(db.database, db.unitOfWork);
});
afterAll(() => db.close());

const agoMs = async (): Promise<readonly [written: number, read: number]> => {
  const written = await db.unitOfWork.run((tx) => databaseNow(tx));
  return [Date.now() - written.getTime(), Date.now() - (await databaseNow(db.database)).getTime()];
};
const close = (told: readonly number[], wantedMs: number): void => {
  for (const one of told) expect(Math.abs(one - wantedMs)).toBeLessThan(60_000);
};

it('the database believes an earlier time, in writing and in reading, and time goes on from there', async () => {
  close(await agoMs(), 0);
  const began = new Date(Date.now() - 3 * DAY_MS);
  await clock.at(began, async () => {
    close(await agoMs(), 3 * DAY_MS);
    const first = await databaseNow(db.database);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect((await databaseNow(db.database)).getTime() - first.getTime()).toBeGreaterThanOrEqual(25);
  });
  close(await agoMs(), 0);
});

it('no connection keeps the earlier time, also when the work on it failed', async () => {
  const many = Array.from({ length: 12 });
  const failing = clock.at(new Date(Date.now() - 40 * DAY_MS), () =>
    Promise.all(many.map(() => db.unitOfWork.run((tx) => tx.query('SELECT * FROM no_such_table')))),
  );
  await expect(failing).rejects.toThrow('no_such_table');
  for (const told of await Promise.all(many.map(() => agoMs()))) close(told, 0);
});
