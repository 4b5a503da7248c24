import { closeSync, existsSync, ftruncateSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { SandboxEvent } from './event';

const CHUNK_BYTES = 1 << 20;
const NEWLINE = 0x0a;

/**
 * Append-only file of events. A line is in the file (in the kernel's hands) before the request that caused it is answered, so a killed process loses nothing it
 * promised. A last line cut short by a kill is dropped; a broken line anywhere else stops the boot, because what follows could not be trusted.
 */
export class EventLog {
  private readonly fd: number;
  private readonly path: string;
  private end = 0;

  constructor(directory: string) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.path = join(directory, 'events.jsonl');
    this.fd = openSync(this.path, existsSync(this.path) ? 'r+' : 'w+', 0o600);
  }

  /** Hands every stored event to `take` in order and returns how many there were. Call once, before the first append. */
  replay(take: (event: SandboxEvent) => void): number {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    let rest: Buffer = Buffer.alloc(0);
    let position = 0;
    let count = 0;
    for (;;) {
      const read = readSync(this.fd, chunk, 0, CHUNK_BYTES, position);
      if (read === 0) break;
      position += read;
      const data = Buffer.concat([rest, chunk.subarray(0, read)]);
      let start = 0;
      for (let cut = data.indexOf(NEWLINE); cut >= 0; cut = data.indexOf(NEWLINE, start)) {
        count += 1;
        take(this.parse(data.toString('utf8', start, cut), count));
        start = cut + 1;
      }
      rest = data.subarray(start);
    }
    this.end = position - rest.length;
    ftruncateSync(this.fd, this.end);
    return count;
  }

  append(events: readonly SandboxEvent[]): void {
    const bytes = Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(''), 'utf8');
    let written = 0;
    while (written < bytes.length) {
      written += writeSync(this.fd, bytes, written, bytes.length - written, this.end + written);
    }
    this.end += bytes.length;
  }

  close(): void {
    closeSync(this.fd);
  }

  private parse(line: string, number: number): SandboxEvent {
    try {
      return JSON.parse(line) as SandboxEvent;
    } catch (cause) {
      throw new Error(`${this.path} line ${number} is damaged; move the file away to start with an empty sandbox`, {
        cause,
      });
    }
  }
}
