import { Defect } from '@app/kernel';

/** All that the streams say under one key, in the order of the streams. Each list may be empty, not all of them. */
export interface Group {
  readonly key: string;
  readonly items: readonly (readonly string[])[];
}

/** Lines under one key beyond which nothing can be right any more. */
const MAX_UNDER_ONE_KEY = 10_000;
const GROUPS_AT_ONCE = 2_000;
const NOTHING: readonly string[] = [];

/**
 * Walks several streams of lines, each sorted by its key (the text before the first tab), side by side and groups what belongs together.
 * Memory holds one chunk of each stream. Throws Defect when a stream is not sorted.
 */
export async function* mergeStreams(
  ...streams: readonly AsyncIterable<readonly string[]>[]
): AsyncGenerator<readonly Group[]> {
  const cursors = streams.map((stream) => new Cursor(stream));
  for (const cursor of cursors) await cursor.load();
  let out: Group[] = [];
  for (;;) {
    let key: string | undefined;
    for (const cursor of cursors) {
      if (cursor.key !== undefined && (key === undefined || cursor.key < key)) key = cursor.key;
    }
    if (key === undefined) break;
    const items: (readonly string[])[] = [];
    for (const cursor of cursors)
      items.push(cursor.key === key ? (cursor.only() ?? (await more(key, cursor))) : NOTHING);
    out.push({ key, items });
    if (out.length < GROUPS_AT_ONCE) continue;
    yield out;
    out = [];
  }
  if (out.length > 0) yield out;
}

async function more(key: string, cursor: Cursor): Promise<string[]> {
  const lines: string[] = [];
  while (cursor.key === key) {
    lines.push(cursor.line);
    if (lines.length > MAX_UNDER_ONE_KEY) throw new Defect('too many lines under one bill number');
    if (!cursor.next()) await cursor.load();
  }
  return lines;
}

function keyOf(line: string): string {
  const tab = line.indexOf('\t');
  return tab < 0 ? line : line.slice(0, tab);
}

class Cursor {
  private readonly source: AsyncIterator<readonly string[]>;
  private chunk: readonly string[] = [];
  private at = 0;
  private last = '';
  line = '';
  key: string | undefined;

  constructor(stream: AsyncIterable<readonly string[]>) {
    this.source = stream[Symbol.asyncIterator]();
  }

  /** True when the next line is there at once; otherwise `load` must be awaited. */
  next(): boolean {
    const line = this.chunk[this.at++];
    if (line === undefined) return false;
    this.line = line;
    this.key = keyOf(line);
    if (this.key < this.last) throw new Defect('a stream of reconciliation is not sorted');
    this.last = this.key;
    return true;
  }

  /** The line, and on to the next, when no other line of its key follows at once: as it nearly always is. Else null, and nothing moved. */
  only(): readonly string[] | null {
    const following = this.chunk[this.at];
    if (following === undefined || keyOf(following) === this.key) return null;
    const { line } = this;
    this.next();
    return [line];
  }

  async load(): Promise<void> {
    do {
      const { value, done } = await this.source.next();
      if (done === true) {
        this.key = undefined;
        return;
      }
      this.chunk = value;
      this.at = 0;
    } while (!this.next());
  }
}
