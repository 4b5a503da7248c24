import { errorNumber, isRolledBack, type Tx, type UnitOfWork } from '@app/database';

/** What a step gave, in a form that can be compared: bytes as hex, instants as texts, errors by their numbers. */
export type Outcome = string;

export type Action = (tx: Tx) => Promise<unknown>;

class Stop extends Error {}

/** One transaction that does what it is told, step by step. */
export class Actor {
  private give!: (action: Action | 'commit' | 'rollback') => void;
  private tell: ((outcome: Outcome) => void) | null = null;
  private readonly ended: Promise<void>;
  over = false;
  /** What it still waits for. */
  pending: Promise<Outcome> | null = null;

  constructor(unitOfWork: UnitOfWork) {
    let next = this.next();
    this.ended = unitOfWork
      .run(async (tx) => {
        for (;;) {
          const action = await next;
          next = this.next();
          if (action === 'commit') return;
          if (action === 'rollback') throw new Stop();
          await this.act(tx, action);
        }
      })
      .catch((error: unknown) => {
        if (!(error instanceof Stop)) throw error;
      });
  }

  do(action: Action): Promise<Outcome> {
    const outcome = new Promise<Outcome>((resolve) => (this.tell = resolve));
    this.pending = outcome.finally(() => (this.pending = null));
    this.give(action);
    return this.pending;
  }

  async end(how: 'commit' | 'rollback'): Promise<void> {
    this.over = true;
    this.give(how);
    await this.ended;
  }

  private next(): Promise<Action | 'commit' | 'rollback'> {
    return new Promise((resolve) => (this.give = resolve));
  }

  private async act(tx: Tx, action: Action): Promise<void> {
    try {
      const result = await action(tx);
      this.tell!(written(result));
    } catch (error) {
      const number = errorNumber(error);
      if (number === null) this.tell!(`broken: ${String(error)}`);
      else this.tell!(`error ${number}${number === 1062 ? ` ${keyIn(error)}` : ''}`);
      if (!isRolledBack(error)) return;
      this.over = true;
      throw new Stop();
    }
  }
}

function keyIn(error: unknown): string {
  return /for key '(\w+)'/.exec((error as Error).message)![1]!;
}

export function written(result: unknown): Outcome {
  return JSON.stringify(result, function (this: Record<string, unknown>, key: string, value: unknown) {
    const raw = this[key];
    if (Buffer.isBuffer(raw)) return `0x${raw.toString('hex')}`;
    return raw instanceof Date ? `at ${raw.toISOString()}` : value;
  });
}
