import { connect, type Socket } from 'node:net';

export interface Ask {
  readonly path: string;
  readonly headers: string;
  readonly body: string;
}

export interface Load {
  readonly perSecond: number;
  /** Answers by status. */
  readonly statuses: ReadonlyMap<number, number>;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/**
 * A closed loop over keep-alive connections, one request under way on each. Reads only status and length of an answer, so that the
 * client takes little of the processors it shares with the server.
 */
export async function httpLoad(
  port: number,
  concurrency: number,
  forMs: number,
  next: (connection: number) => Ask,
): Promise<Load> {
  const statuses = new Map<number, number>();
  const times: number[] = [];
  const startedAt = performance.now();
  const until = startedAt + forMs;
  const one = async (connection: number): Promise<void> => {
    const asker = await Asker.open(port);
    while (performance.now() < until) {
      const askedAt = performance.now();
      const status = await asker.ask(next(connection));
      times.push(performance.now() - askedAt);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    asker.close();
  };
  await Promise.all(Array.from({ length: concurrency }, (_, connection) => one(connection)));
  const passed = performance.now() - startedAt;
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { perSecond: (times.length * 1_000) / passed, statuses, p50Ms: at(0.5), p99Ms: at(0.99) };
}

class Asker {
  private pending: { resolve: (status: number) => void; reject: (error: Error) => void } | null = null;
  private seen: Buffer = Buffer.alloc(0);

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.read(chunk));
    socket.on('error', (error) => this.pending?.reject(error));
    socket.on('close', () => this.pending?.reject(new Error('the server closed the connection')));
  }

  static open(port: number): Promise<Asker> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('error', reject);
      socket.once('connect', () => resolve(new Asker(socket)));
    });
  }

  ask({ path, headers, body }: Ask): Promise<number> {
    return new Promise((resolve, reject) => {
      this.pending = { resolve, reject };
      const length = Buffer.byteLength(body);
      this.socket.write(
        `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n${headers}content-length: ${length}\r\n\r\n${body}`,
      );
    });
  }

  close(): void {
    this.pending = null;
    this.socket.destroy();
  }

  private read(chunk: Buffer): void {
    this.seen = this.seen.length === 0 ? chunk : Buffer.concat([this.seen, chunk]);
    const end = this.seen.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = this.seen.toString('latin1', 0, end);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (this.seen.length < end + 4 + length) return;
    this.seen = this.seen.subarray(end + 4 + length);
    const { pending } = this;
    this.pending = null;
    pending?.resolve(Number(head.slice(9, 12)));
  }
}
