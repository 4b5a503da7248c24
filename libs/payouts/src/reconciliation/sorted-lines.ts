import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Defect } from '@app/kernel';

/** Sorting so many keeps everything else of the process waiting for a tenth of a second. */
const LINES_IN_MEMORY = 100_000;
/** Ten million lines. */
const MAX_PILES = 100;
const CHUNK = 2_000;

/**
 * Sorts lines of text (no line breaks, compared as text) in bounded memory: sorted piles go to a folder of their own and are merged when
 * read. Call `close` in the end, whatever happened.
 */
export class SortedLines {
  private lines: string[] = [];
  private piles = 0;
  private folder: string | null = null;
  private size = 0;

  constructor(private readonly inMemory = LINES_IN_MEMORY) {}

  get length(): number {
    return this.size;
  }

  add(line: string): void {
    this.lines.push(line);
    this.size += 1;
    if (this.lines.length >= this.inMemory) this.spill();
  }

  /** All lines in order, in chunks. Nothing may be added afterwards. */
  async *read(): AsyncGenerator<readonly string[]> {
    if (this.piles === 0) {
      this.lines.sort();
      for (let from = 0; from < this.lines.length; from += CHUNK) yield this.lines.slice(from, from + CHUNK);
      return;
    }
    if (this.lines.length > 0) this.spill();
    yield* merged(Array.from({ length: this.piles }, (_, pile) => new Pile(this.fileOf(pile))));
  }

  close(): void {
    this.lines = [];
    if (this.folder !== null) rmSync(this.folder, { recursive: true, force: true });
    this.folder = null;
  }

  private spill(): void {
    if (this.piles === MAX_PILES) throw new Defect('more lines than one reconciliation may have');
    this.folder ??= mkdtempSync(join(tmpdir(), 'yima-sort-'));
    this.lines.sort();
    writeFileSync(this.fileOf(this.piles), `${this.lines.join('\n')}\n`);
    this.piles += 1;
    this.lines = [];
  }

  private fileOf(pile: number): string {
    return join(this.folder ?? '', String(pile));
  }
}

/** One sorted pile, read a chunk at a time. */
class Pile {
  private readonly source: AsyncIterator<readonly string[]>;
  private chunk: readonly string[] = [];
  private at = 0;
  head: string | undefined;

  constructor(file: string) {
    this.source = chunksOf(file);
  }

  /** True when the head is there at once; otherwise `load` must be awaited. */
  next(): boolean {
    this.head = this.chunk[this.at++];
    return this.head !== undefined;
  }

  async load(): Promise<void> {
    const { value, done } = await this.source.next();
    this.chunk = done === true ? [] : value;
    this.at = 0;
    this.next();
  }
}

async function* merged(piles: Pile[]): AsyncGenerator<readonly string[]> {
  for (const pile of piles) await pile.load();
  let out: string[] = [];
  for (;;) {
    let least: Pile | undefined;
    for (const pile of piles) {
      if (pile.head !== undefined && (least?.head === undefined || pile.head < least.head)) least = pile;
    }
    if (least?.head === undefined) break;
    out.push(least.head);
    if (!least.next()) await least.load();
    if (out.length < CHUNK) continue;
    yield out;
    out = [];
  }
  if (out.length > 0) yield out;
}

async function* chunksOf(file: string): AsyncGenerator<readonly string[]> {
  let rest = '';
  const pieces = createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 17 });
  for await (const piece of pieces as AsyncIterable<string>) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    if (lines.length > 0) yield lines;
  }
}
