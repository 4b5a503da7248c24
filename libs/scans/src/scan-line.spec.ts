import { Transient } from '@app/kernel';
import { ScanLine } from './scan-line';

const tick = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('ScanLine', () => {
  it('puts those who come in one turn of the event loop together', async () => {
    const groups: number[][] = [];
    const line = new ScanLine<number, number>(String, async (group) => {
      groups.push([...group]);
      await tick();
      return [...group];
    });
    // As after a commit: its members are answered together, and all come back at once.
    await Promise.all([1, 2, 3].map((item) => line.submit(item).then((back) => line.submit(back + 10))));
    expect(groups).toEqual([
      [1, 2, 3],
      [11, 12, 13],
    ]);
  });

  it('starts at once when a writer is free and groups whoever arrives meanwhile', async () => {
    const groups: number[][] = [];
    const gates: (() => void)[] = [];
    const line = new ScanLine<number, number>(String, async (group) => {
      groups.push([...group]);
      await new Promise<void>((resolve) => gates.push(resolve));
      return group.map((item) => item * 10);
    });
    const results: Promise<number>[] = [];
    for (const turn of [[1], [2], [3], [4, 5]]) {
      results.push(...turn.map((item) => line.submit(item)));
      await tick();
    }
    expect(groups).toEqual([[1], [2]]);
    gates.shift()!();
    await tick();
    expect(groups).toEqual([[1], [2], [3, 4, 5]]);
    gates.forEach((open) => open());
    expect(await Promise.all(results)).toEqual([10, 20, 30, 40, 50]);
  });

  it('gives one result to items with the same key in flight', async () => {
    let commits = 0;
    const line = new ScanLine<{ key: string }, object>(
      ({ key }) => key,
      async (group) => {
        commits += group.length;
        await tick();
        return group.map(() => ({}));
      },
    );
    const [one, two] = await Promise.all([line.submit({ key: 'a' }), line.submit({ key: 'a' })]);
    expect([commits, one === two]).toEqual([1, true]);
    await line.submit({ key: 'a' });
    expect(commits).toBe(2);
  });

  it('lets one bad item fail alone', async () => {
    const line = new ScanLine<number, number>(String, async (group) => {
      await tick();
      if (group.includes(13)) throw new Error('thirteen');
      return [...group];
    });
    const settled = await Promise.allSettled([1, 2, 12, 13, 14].map((item) => line.submit(item)));
    expect(settled.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
  });

  it('does not split a group that failed by bad luck, and turns people away when the line is too long', async () => {
    let commits = 0;
    const line = new ScanLine<number, number>(String, async () => {
      commits++;
      await tick();
      throw new Transient('database away');
    });
    const settled = await Promise.allSettled(Array.from({ length: 5300 }, (_, item) => line.submit(item)));
    expect(settled.every((result) => result.status === 'rejected' && result.reason instanceof Transient)).toBe(true);
    expect(commits).toBe(5000 / 200);
  });
});
