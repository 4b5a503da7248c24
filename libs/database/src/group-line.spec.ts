import { Defect, Transient } from '@app/kernel';
import { GroupLine } from './group-line';

const soon = () => new Promise<void>((resolve) => setImmediate(resolve));

it('takes together who arrives together, and whoever comes while the writers are busy', async () => {
  const groups: number[][] = [];
  let release = (): void => undefined;
  const line = new GroupLine<number, number>({ writers: 1, largest: 5 }, String, async (group) => {
    groups.push([...group]);
    await new Promise<void>((resolve) => (release = resolve));
    return group.map((each) => each * 10);
  });
  const first = [1, 2, 3].map((each) => line.submit(each));
  await soon();
  await soon();
  const second = [4, 5, 6, 7, 8, 9].map((each) => line.submit(each));
  release();
  expect(await Promise.all(first)).toEqual([10, 20, 30]);
  await soon();
  release();
  await soon();
  await soon();
  release();
  expect(await Promise.all(second)).toEqual([40, 50, 60, 70, 80, 90]);
  expect(groups).toEqual([[1, 2, 3], [4, 5, 6, 7, 8], [9]]);
});

it('never puts one key twice into a group', async () => {
  const groups: string[][] = [];
  const line = new GroupLine<string, string>({ writers: 2, largest: 10 }, String, async (group) => {
    groups.push([...group]);
    return group;
  });
  await Promise.all(['a', 'b', 'a', 'a'].map((each) => line.submit(each)));
  expect(groups.every((group) => new Set(group).size === group.length)).toBe(true);
  expect(groups.flat().sort()).toEqual(['a', 'a', 'a', 'b']);
});

it('one bad item fails alone; bad luck of everybody is not tried again in pieces', async () => {
  let runs = 0;
  let away = false;
  const line = new GroupLine<number, number>({ writers: 1, largest: 16 }, String, async (group) => {
    runs++;
    if (away) throw new Transient('the database is away');
    if (group.includes(11)) throw new Defect('poison');
    return group;
  });
  const ends = await Promise.allSettled(Array.from({ length: 16 }, (_, at) => line.submit(at)));
  expect(ends.filter(({ status }) => status === 'rejected')).toHaveLength(1);
  expect(ends[11]!.status).toBe('rejected');
  expect(runs).toBeLessThanOrEqual(9);
  away = true;
  runs = 0;
  await Promise.allSettled(Array.from({ length: 16 }, (_, at) => line.submit(at)));
  expect(runs).toBe(1);
});

it('lingers while more is surely coming, until enough is there or the time is up, and not a moment when nothing is', async () => {
  let coming = true;
  const groups: number[][] = [];
  const linger = { when: () => coming, until: 4, ms: 60 };
  const line = new GroupLine<number, number>({ writers: 1, largest: 10, linger }, String, async (group) => {
    groups.push([...group]);
    return group;
  });
  const startedAt = performance.now();
  const few = [line.submit(1), line.submit(2)];
  await soon();
  await soon();
  expect(groups).toEqual([]);
  await Promise.all([...few, line.submit(3), line.submit(4)]);
  expect(performance.now() - startedAt).toBeLessThan(55);
  await line.submit(5);
  expect(performance.now() - startedAt).toBeGreaterThan(55);
  coming = false;
  await line.submit(6);
  expect(groups).toEqual([[1, 2, 3, 4], [5], [6]]);
});
