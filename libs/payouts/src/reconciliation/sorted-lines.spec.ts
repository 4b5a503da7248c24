import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { mergeStreams } from './merge-streams';
import { SortedLines } from './sorted-lines';

async function all(lines: SortedLines): Promise<string[]> {
  const out: string[] = [];
  for await (const chunk of lines.read()) out.push(...chunk);
  return out;
}

const word = fc.string({ unit: fc.constantFrom('A', 'B', '0', '9', '\t', 'z'), minLength: 1, maxLength: 6 });

describe('sorting more than fits', () => {
  it('gives the same lines in order, whatever fits into memory', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 60 }), fc.integer({ min: 1, max: 20 }), async (words, inMemory) => {
        const lines = new SortedLines(Math.max(inMemory, Math.ceil((words.length + 1) / 50)));
        try {
          for (const one of words) lines.add(one);
          expect(await all(lines)).toEqual([...words].sort());
          expect(lines.length).toBe(words.length);
        } finally {
          lines.close();
        }
      }),
      { numRuns: 60 },
    );
  });

  it('leaves nothing behind', async () => {
    const mine = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('yima-sort-'));
    const before = mine().length;
    const lines = new SortedLines(10);
    for (let i = 0; i < 95; i++) lines.add(String(i));
    expect(await all(lines)).toHaveLength(95);
    lines.close();
    expect(mine().length).toBeLessThanOrEqual(before);
  });
});

describe('streams side by side', () => {
  it('puts together what has one key, and loses nothing', async () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
    const stream = fc.array(fc.tuple(key, fc.nat(9)), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(stream, stream, fc.integer({ min: 1, max: 7 }), async (one, other, size) => {
        const lines = [one, other].map((items) => items.map(([name, count]) => `${name}\t${count}`).sort());
        const seen: string[][] = [[], []];
        const keys: string[] = [];
        for await (const groups of mergeStreams(...lines.map((sorted) => inChunks(sorted, size)))) {
          for (const { key: name, items } of groups) {
            keys.push(name);
            items.forEach((mine, index) => seen[index]!.push(...mine));
          }
        }
        expect(seen).toEqual(lines);
        expect(keys).toEqual([...new Set(lines.flat().map((line) => line.split('\t')[0]))].sort());
      }),
    );
  });

  it('refuses a stream that is not sorted', async () => {
    const walk = async (): Promise<void> => {
      for await (const groups of mergeStreams(inChunks(['b', 'a'], 1))) expect(groups).toBeDefined();
    };
    await expect(walk()).rejects.toThrow('not sorted');
  });
});

async function* inChunks(lines: readonly string[], size: number): AsyncGenerator<readonly string[]> {
  await Promise.resolve();
  for (let from = 0; from < lines.length; from += size) {
    yield lines.slice(from, from + size);
    yield [];
  }
}
