import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { createPool, type Pool, type RowDataPacket } from 'mysql2/promise';

const CONCURRENCY = 100;
const AMOUNT_FEN = 188;

/**
 * `textbook`: what most systems do, two UPDATEs. `one_by_one`: what this project did before payouts went in groups, statement for statement
 * (outbox row, payout, payee, lease, bill, attempt, moves, member's event, journal, legs, budget), without its hashing and sealing.
 */
export type Manner = 'textbook' | 'one_by_one';

/** One BullMQ job per payout, up to 100 at a time, against the same kind of gateway: mark it sending, call, mark it done. */
export class JobPerPayout {
  private next = 0;

  private constructor(
    private readonly pool: Pool,
    private readonly queue: Queue,
    private readonly worker: Worker,
    private readonly redis: Redis[],
    private readonly done: { count: number },
    private readonly name: string,
  ) {}

  /** `ownerUrl`: of a user who may make tables. */
  static async open(ownerUrl: string, redisUrl: string, manner: Manner, delayMs: number): Promise<JobPerPayout> {
    const pool = createPool({ uri: ownerUrl, connectionLimit: 10, supportBigNumbers: true });
    for (const table of TABLES) await pool.query(`CREATE OR REPLACE TABLE ${table}`);
    await pool.query('INSERT INTO bench_budget VALUES (1, 1000000000000, 0)');
    const name = `bench-${manner}-${process.pid}`;
    const connect = () => new Redis(redisUrl, { maxRetriesPerRequest: null });
    const redis = [connect(), connect()];
    const queue = new Queue(name, { connection: redis[0]! });
    const done = { count: 0 };
    const work = async (payoutKey: string): Promise<void> => {
      if (manner === 'textbook') await textbook(pool, payoutKey, delayMs);
      else await oneByOne(pool, payoutKey, delayMs);
      done.count++;
    };
    const worker = new Worker(name, (job) => work((job.data as { payoutKey: string }).payoutKey), {
      connection: redis[1]!,
      concurrency: CONCURRENCY,
    });
    return new JobPerPayout(pool, queue, worker, redis, done, name);
  }

  /** Pays so many and returns the rate; adding the jobs is part of it, making the payouts is not. */
  async pay(count: number): Promise<number> {
    const keys = Array.from({ length: count }, () => `${this.name}:${this.next++}`);
    for (let at = 0; at < count; at += 500) {
      const part = keys.slice(at, at + 500);
      await this.pool.query(
        `INSERT INTO bench_payouts (payout_key, amount_fen) VALUES ${part.map(() => '(?, ?)').join()}`,
        [...part.flatMap((key) => [key, AMOUNT_FEN])],
      );
    }
    const goal = this.done.count + count;
    const startedAt = performance.now();
    for (let at = 0; at < count; at += 200) {
      const jobs = keys.slice(at, at + 200).map((payoutKey) => ({
        ...{ name: 'pay', data: { payoutKey } },
        opts: { removeOnComplete: true, removeOnFail: true, attempts: 8 },
      }));
      await this.queue.addBulk(jobs);
    }
    while (this.done.count < goal) await sleep(2);
    return (count * 1_000) / (performance.now() - startedAt);
  }

  /** Throws when not every payout is settled. */
  async assertPaid(): Promise<void> {
    const [rows] = await this.pool.query<RowDataPacket[]>(
      "SELECT COUNT(*) AS open FROM bench_payouts WHERE state <> 'SETTLED'",
    );
    if (Number(rows[0]!.open) > 0) throw new Error(`${String(rows[0]!.open)} payouts of the peer are open`);
  }

  async close(): Promise<void> {
    await this.worker.close();
    await this.queue.obliterate({ force: true });
    await this.queue.close();
    for (const redis of this.redis) redis.disconnect();
    for (const table of TABLES) await this.pool.query(`DROP TABLE ${table.split(' ')[0]}`);
    await this.pool.end();
  }
}

const TABLES = [
  `bench_payouts (payout_key VARBINARY(40) PRIMARY KEY, amount_fen BIGINT, state VARBINARY(12) DEFAULT 'PENDING', bill_no VARBINARY(32), settled_at DATETIME(6)) ENGINE=InnoDB`,
  'bench_bills (bill_no VARBINARY(32) PRIMARY KEY, payout_key VARBINARY(40), request MEDIUMBLOB, at DATETIME(6)) ENGINE=InnoDB',
  'bench_attempts (bill_no VARBINARY(32), no INT, started_at DATETIME(6), finished_at DATETIME(6), evidence TEXT, PRIMARY KEY (bill_no, no)) ENGINE=InnoDB',
  'bench_moves (payout_key VARBINARY(40), no INT, to_state VARBINARY(12), at DATETIME(6), PRIMARY KEY (payout_key, no)) ENGINE=InnoDB',
  'bench_events (event_key VARBINARY(64) PRIMARY KEY, at DATETIME(6)) ENGINE=InnoDB',
  'bench_legs (journal_key VARBINARY(64), leg INT, account VARBINARY(32), fen BIGINT, PRIMARY KEY (journal_key, leg)) ENGINE=InnoDB',
  'bench_budget (id INT PRIMARY KEY, reserved_fen BIGINT, settled_fen BIGINT) ENGINE=InnoDB',
];

async function textbook(pool: Pool, payoutKey: string, delayMs: number): Promise<void> {
  await pool.query("UPDATE bench_payouts SET state = 'SENDING' WHERE payout_key = ? AND state = 'PENDING'", [
    payoutKey,
  ]);
  await sleep(delayMs);
  await pool.query(
    "UPDATE bench_payouts SET state = 'SETTLED', settled_at = UTC_TIMESTAMP(6) WHERE payout_key = ? AND state = 'SENDING'",
    [payoutKey],
  );
}

async function oneByOne(pool: Pool, payoutKey: string, delayMs: number): Promise<void> {
  const billNo = `B${randomBytes(12).toString('hex')}`;
  const lock = 'SELECT * FROM bench_payouts WHERE payout_key = ? FOR UPDATE';
  const move = 'INSERT INTO bench_moves VALUES (?, ?, ?, UTC_TIMESTAMP(6))';
  const bill = 'SELECT * FROM bench_bills WHERE bill_no = ?';
  await pool.query('SELECT * FROM bench_events WHERE event_key = ?', [`outbox ${payoutKey}`]);
  await pool.query('SELECT * FROM bench_payouts WHERE payout_key = ?', [payoutKey]);
  await pool.query('SELECT * FROM bench_events WHERE event_key = ?', [`payee ${payoutKey}`]);
  await inTransaction(pool, async (query) => {
    await query(lock, [payoutKey]);
    await query('SELECT UTC_TIMESTAMP(6)', []);
    await query('SELECT * FROM bench_budget WHERE id = ?', [2]);
    await query(bill, [billNo]);
    await query('INSERT INTO bench_bills VALUES (?, ?, ?, UTC_TIMESTAMP(6))', [billNo, payoutKey, randomBytes(300)]);
    await query("UPDATE bench_payouts SET state = 'SENDING', bill_no = ? WHERE payout_key = ?", [billNo, payoutKey]);
    await query(move, [payoutKey, 1, 'SENDING']);
    await query(lock, [payoutKey]);
    await query('INSERT INTO bench_attempts (bill_no, no, started_at) VALUES (?, 1, UTC_TIMESTAMP(6))', [billNo]);
  });
  await sleep(delayMs);
  await inTransaction(pool, async (query) => {
    await query(lock, [payoutKey]);
    await query('UPDATE bench_attempts SET finished_at = UTC_TIMESTAMP(6), evidence = ? WHERE bill_no = ? AND no = 1', [
      ...['{"state":"SUCCESS"}', billNo],
    ]);
    await query('SELECT * FROM bench_attempts WHERE bill_no = ? ORDER BY no', [billNo]);
    await query('SELECT UTC_TIMESTAMP(6)', []);
    await query("UPDATE bench_payouts SET state = 'SETTLED', settled_at = UTC_TIMESTAMP(6) WHERE payout_key = ?", [
      ...[payoutKey],
    ]);
    await query(move, [payoutKey, 2, 'SETTLED']);
    await query(lock, [payoutKey]);
    await query('SELECT * FROM bench_events WHERE event_key = ?', [payoutKey]);
    await query('INSERT INTO bench_events VALUES (?, UTC_TIMESTAMP(6))', [payoutKey]);
    await query('INSERT INTO bench_events VALUES (?, UTC_TIMESTAMP(6))', [`outbox ${payoutKey}`]);
    await query('INSERT INTO bench_events VALUES (?, UTC_TIMESTAMP(6))', [`journal ${payoutKey}`]);
    await query("INSERT INTO bench_legs VALUES (?, 0, 'reserved', ?), (?, 1, 'settled', ?)", [
      ...[payoutKey, -AMOUNT_FEN, payoutKey, AMOUNT_FEN],
    ]);
    await query('UPDATE bench_budget SET reserved_fen = reserved_fen - ?, settled_fen = settled_fen + ? WHERE id = 1', [
      ...[AMOUNT_FEN, AMOUNT_FEN],
    ]);
  });
  await inTransaction(pool, (query) =>
    query('UPDATE bench_events SET at = UTC_TIMESTAMP(6) WHERE event_key = ?', [`outbox ${payoutKey}`]),
  );
}

type Query = (sql: string, values: readonly unknown[]) => Promise<unknown>;

async function inTransaction(pool: Pool, work: (query: Query) => Promise<unknown>): Promise<void> {
  const connection = await pool.getConnection();
  try {
    await connection.beginTransaction();
    await work((sql, values) => connection.query(sql, [...values]));
    await connection.commit();
  } catch (error) {
    await connection.rollback();
    throw error;
  } finally {
    connection.release();
  }
}
