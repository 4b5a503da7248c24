import { randomUUID } from 'node:crypto';
import { createPool, type Pool, type RowDataPacket } from 'mysql2/promise';
import { Browser } from '../browser';
import { Sandbox, type FakeUser } from '../sandbox';
import type { BenchSystem } from './bench-system';
import { assertBooks } from './core-suite';
import { httpLoad, type Ask } from './http-load';
import { compare, type Row } from './measure';
import { accepts, answers, freePort, serverPids, ServerProcess } from './processes';

const CONCURRENCY = 64;
const NAIVE_CODES = 200_000;

/** The real endpoint of the real api over HTTP, against the textbook server and against itself without a database. */
export async function httpSuite(system: BenchSystem, rounds: number, quick: boolean): Promise<Row[]> {
  const env = process.env;
  const sandbox = await ServerProcess.start('apps/wechat-sandbox/src/main.js', env, () =>
    answers(`${env.SANDBOX_ADMIN_URL}/readyz`),
  );
  const api = await ServerProcess.start('apps/api/src/main.js', env, () =>
    answers(`http://127.0.0.1:${env.API_INTERNAL_PORT}/readyz`),
  );
  const naive = await NaivePeer.start();
  try {
    return await measure(system, { api, naive, rounds, forMs: quick ? 1_500 : 3_000 });
  } finally {
    await Promise.all([api.stop(), naive.stop()]);
    await sandbox.stop();
  }
}

interface Bench {
  readonly api: ServerProcess;
  readonly naive: NaivePeer;
  readonly rounds: number;
  readonly forMs: number;
}

async function measure(system: BenchSystem, { api, naive, rounds, forMs }: Bench): Promise<Row[]> {
  const sessions = await signIn(CONCURRENCY);
  const port = Number(process.env.API_PORT);
  const before = await system.books();
  let answered = 0;
  const asking = (connection: number, code: string): Ask => ({
    path: '/v1/h5/scans',
    headers: `cookie: yima_session=${sessions[connection]!.cookie}\r\nx-forwarded-for: ${sessions[connection]!.ip}\r\n`,
    body: JSON.stringify({ scanId: randomUUID(), code }),
  });
  const scans = async (): Promise<number> => {
    const load = await httpLoad(port, CONCURRENCY, forMs, (at) => asking(at, system.freshCode()));
    answered += only(load.statuses, 200);
    return load.perSecond;
  };
  const forged = async (): Promise<number> => {
    const load = await httpLoad(port, CONCURRENCY, forMs, (at) => asking(at, swapLast(system.freshCode())));
    only(load.statuses, 404);
    return load.perSecond;
  };
  const ours = (): readonly number[] => [api.pid, naive.pid, ...serverPids()];
  const endpoint = { name: 'POST /v1/h5/scans, durable, all rules', sample: scans };
  const rows = [
    await compare({
      ...{ suite: 'scan http', what: `c=${CONCURRENCY}`, rounds, goal: 'P1', floor: '20x', aim: '40x', ours },
      a: endpoint,
      b: { name: 'textbook NestJS + TypeORM + FOR UPDATE + BullMQ', sample: () => naive.sample(forMs) },
    }),
    await compare({
      ...{ suite: 'scan http', what: `c=${CONCURRENCY}`, rounds, goal: 'P2', floor: '0.70x', aim: '0.85x', ours },
      a: endpoint,
      b: { name: 'the same route, forged code (no database)', sample: forged },
    }),
  ];
  await assertBooks(system, before, answered);
  await naive.assertBooks();
  return rows;
}

/** Every answer must be of that one status. Returns how many there were. */
function only(statuses: ReadonlyMap<number, number>, status: number): number {
  const others = [...statuses].filter(([other]) => other !== status);
  if (others.length > 0)
    throw new Error(`answers other than ${status}: ${others.map(([s, n]) => `${n} × ${s}`).join(', ')}`);
  return statuses.get(status) ?? 0;
}

/** Genuine in shape, made by nobody. */
function swapLast(code: string): string {
  return code.slice(0, -1) + (code.endsWith('0') ? '1' : '0');
}

/** People who came through WeChat's door, each with an address of their own. */
async function signIn(count: number): Promise<{ cookie: string; ip: string }[]> {
  const { PUBLIC_URL: home, SANDBOX_OPEN_URL: open, SANDBOX_ADMIN_URL, SANDBOX_ADMIN_TOKEN } = process.env;
  const sandbox = new Sandbox({ sandboxAdmin: SANDBOX_ADMIN_URL!, sandboxToken: SANDBOX_ADMIN_TOKEN! });
  const users = Array.from({ length: count }, (_, at): FakeUser => {
    const place = { city: '安徽省合肥市', latitude: 31.8206, longitude: 117.2272, ip: `202.102.192.${at + 1}` };
    return { id: `bench-${at}`, nickname: `测量${at}`, ...place };
  });
  await sandbox.addUsers(users);
  return Promise.all(
    users.map(async ({ id, ip }) => {
      const browser = new Browser(ip);
      browser.setCookie(new URL(open!).hostname, 'sandbox_user', id);
      await browser.follow(`${home}/v1/h5/oauth/start?return=${encodeURIComponent('/h5/wallet')}`);
      const cookie = browser.cookie(new URL(home!).hostname, 'yima_session');
      if (cookie === null) throw new Error(`${id} could not sign in`);
      return { cookie, ip };
    }),
  );
}

/** The textbook server with its own tables, in which every code has its row beforehand. */
class NaivePeer {
  private answered = 0;
  private next = 1;

  private constructor(
    private readonly server: ServerProcess,
    private readonly port: number,
    private readonly pool: Pool,
  ) {}

  get pid(): number {
    return this.server.pid;
  }

  static async start(): Promise<NaivePeer> {
    const pool = createPool({ uri: process.env.MIGRATOR_DATABASE_URL!, connectionLimit: 1, multipleStatements: true });
    await pool.query(`
      CREATE OR REPLACE TABLE naive_codes (code VARCHAR(20) PRIMARY KEY, scans INT NOT NULL DEFAULT 0, winnerId BIGINT NULL);
      CREATE OR REPLACE TABLE naive_campaigns (id INT PRIMARY KEY, name VARCHAR(64), budgetFen BIGINT, spentFen BIGINT NOT NULL DEFAULT 0);
      CREATE OR REPLACE TABLE naive_members (id BIGINT PRIMARY KEY, scans INT NOT NULL DEFAULT 0, wonFen BIGINT NOT NULL DEFAULT 0);
      CREATE OR REPLACE TABLE naive_scans (id BIGINT AUTO_INCREMENT PRIMARY KEY, scanId VARCHAR(36), code VARCHAR(20), memberId BIGINT, createdAt DATETIME(6) DEFAULT CURRENT_TIMESTAMP(6));
      CREATE OR REPLACE TABLE naive_rewards (id BIGINT AUTO_INCREMENT PRIMARY KEY, code VARCHAR(20) UNIQUE, memberId BIGINT, amountFen INT, createdAt DATETIME(6) DEFAULT CURRENT_TIMESTAMP(6));
      INSERT INTO naive_campaigns VALUES (1, 'naive', 100000000000, 0);
      INSERT INTO naive_codes (code) SELECT CONCAT('N', LPAD(seq, 16, '0')) FROM seq_1_to_${NAIVE_CODES}`);
    const port = await freePort();
    const env = { ...process.env, NAIVE_PORT: String(port) };
    const entry = 'apps/rehearsal/src/bench/peers/naive-server.js';
    return new NaivePeer(await ServerProcess.start(entry, env, () => accepts(port)), port, pool);
  }

  async sample(forMs: number): Promise<number> {
    const load = await httpLoad(this.port, CONCURRENCY, forMs, (at) => ({
      path: '/scans',
      headers: `x-member: ${at + 1}\r\n`,
      body: JSON.stringify({ scanId: randomUUID(), code: `N${String(this.next++).padStart(16, '0')}` }),
    }));
    this.answered += only(load.statuses, 200);
    return load.perSecond;
  }

  /** The peer must be right, or its speed means nothing. */
  async assertBooks(): Promise<void> {
    const [rows] = await this.pool.query<RowDataPacket[]>(
      `SELECT (SELECT COUNT(*) FROM naive_scans) AS scans, (SELECT SUM(amountFen) FROM naive_rewards) AS won, spentFen AS spent FROM naive_campaigns`,
    );
    const { scans, won, spent } = rows[0]!;
    if (Number(scans) !== this.answered || Number(won) !== Number(spent)) {
      throw new Error(
        `the textbook server answered ${this.answered}, wrote ${scans} scans, gave ${won} fen, spent ${spent}`,
      );
    }
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await this.pool.end();
  }
}
