import { plantScans } from '@app/testing';
import type { MemberId } from '@app/kernel';
import { FoldScans } from './fold-scans';
import { ScanHistory } from './index';
import { MembersStage } from './members-stage.contract';

let stage: MembersStage;
beforeAll(async () => {
  stage = await MembersStage.open();
});
afterAll(() => stage.close());

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Scans of one member, `ages` milliseconds ago; their names in the same order. */
const plant = async (memberId: MemberId, ages: readonly number[]) => {
  const now = Date.now();
  const scans = ages.map((age) => ({ memberId, at: new Date(now - age) }));
  const keys = await plantScans(stage.db.unitOfWork, scans);
  return { keys, ids: keys.map(([, scanId]) => scanId) };
};
const fold = (keys: [number, string][]) => stage.db.unitOfWork.run((tx) => stage.app.get(FoldScans).run(tx, keys));
/** Every page, each of so many. */
const pages = async (member: MemberId, limit: number): Promise<string[][]> => {
  const seen: string[][] = [];
  for (let cursor: string | null = null; ;) {
    const page: { items: { scanId: string }[]; nextCursor: string | null } = await stage.app
      .get(ScanHistory)
      .page(member, { limit, cursor });
    seen.push(page.items.map(({ scanId }) => scanId));
    cursor = page.nextCursor;
    if (cursor === null) return seen;
  }
};

it('shows a scan as soon as it was made, and once when it is folded', async () => {
  const member = await stage.signIn();
  const { keys, ids } = await plant(member, [2 * SECOND]);
  expect(await pages(member, 10)).toEqual([ids]);
  await fold(keys);
  expect(await pages(member, 10)).toEqual([ids]);
});

it('goes page by page through what is folded and what is not, in the order of time, each once', async () => {
  const member = await stage.signIn();
  // Folded out of order: two of the newest five, and what is older.
  const { keys, ids } = await plant(
    member,
    [1, 2, 3, 4, 5, 600, 700, 800].map((age) => age * SECOND),
  );
  await fold([keys[1]!, keys[3]!, ...keys.slice(5)]);
  for (const limit of [1, 2, 3, 8, 100]) expect((await pages(member, limit)).flat()).toEqual(ids);
});

it('leaves to the fold what is older than any fold takes', async () => {
  const member = await stage.signIn();
  const { keys, ids } = await plant(member, [11 * MINUTE]);
  expect(await pages(member, 10)).toEqual([[]]);
  await fold(keys);
  expect(await pages(member, 10)).toEqual([ids]);
});

it('walks through nobody who has very many scans', async () => {
  const member = await stage.signIn();
  await plant(member, [SECOND]);
  await stage.set(member, { scans: 501 });
  expect(await pages(member, 10)).toEqual([[]]);
});

it('shows the scans of every number that the person had', async () => {
  const { older, younger, merge } = await stage.twoVisitors();
  const [one, other] = [await plant(older, [3 * SECOND]), await plant(younger, [2 * SECOND])];
  await merge();
  expect(await pages(older, 1)).toEqual([other.ids, one.ids]);
});
