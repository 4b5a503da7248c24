import { DataSource } from 'typeorm';
import { connect, Database, dataSourceOptions, Pool, Slots, UnitOfWork } from '@app/database';
import { migrate } from '../../../migrations/migrate';

type EntityClass = new () => unknown;

/** A migrated database of the test worker, entered as the app's user, exactly as in production. */
export interface TestDatabase {
  readonly source: DataSource;
  readonly database: Database;
  readonly unitOfWork: UnitOfWork;
  /** The app user's URL: what a process under test gets as DATABASE_URL. */
  readonly url: string;
  /** A pool with the migrator's rights, for planting what the app may not write. */
  readonly asOwner: DataSource;
  close(): Promise<void>;
}

const APP_USER = 'yima_app';
const APP_PASSWORD = 'test';

/**
 * Opens the database of this Jest worker (made and migrated on first use, never truncated: tests make their own rows).
 * `poolSize` 1 proves that nothing takes a second connection inside a transaction. `own` names a database of its own beside it: for specs that
 * judge a whole ledger, or plant what no ledger would hold.
 */
export async function openTestDatabase(
  options: { entities?: EntityClass[]; poolSize?: number; own?: string } = {},
): Promise<TestDatabase> {
  const rootUrl = process.env.TEST_DATABASE_URL;
  if (!rootUrl) throw new Error('TEST_DATABASE_URL is not set: run through npm test, which starts a private MariaDB');
  const name = `yima_test_${process.env.TEST_DATABASE_SUFFIX ?? ''}${process.env.JEST_WORKER_ID ?? '1'}${options.own ? `_${options.own}` : ''}`;
  const ownerUrl = await prepare(rootUrl, name);
  const url = withPath(rootUrl, name, APP_USER, APP_PASSWORD);
  await migrate(ownerUrl, url);
  const poolSize = options.poolSize ?? 10;
  const source = await connect(dataSourceOptions(url, poolSize, options.entities ?? []));
  const asOwner = await new DataSource({
    type: 'mariadb',
    url: ownerUrl,
    charset: 'utf8mb4',
    timezone: 'Z',
  }).initialize();
  await keepFirstNumbersFree(asOwner);
  const pool = new Pool(source, new Slots(poolSize));
  return {
    source,
    asOwner,
    url,
    database: new Database(pool),
    unitOfWork: new UnitOfWork(pool),
    close: async () => {
      await source.destroy();
      await asOwner.destroy();
    },
  };
}

/**
 * Accounts begin at 1001: specs name people who are no account by small numbers, and an account that another spec made must never be one
 * of them (it may have been made by the other, and then the two may not approve each other).
 */
async function keepFirstNumbersFree(asOwner: DataSource): Promise<void> {
  const accounts = await asOwner.query<unknown[]>('SELECT id FROM operators LIMIT 1');
  if (accounts.length === 0) await asOwner.query('ALTER TABLE operators AUTO_INCREMENT = 1001');
}

async function prepare(rootUrl: string, name: string): Promise<string> {
  const root = await new DataSource({ type: 'mariadb', url: rootUrl }).initialize();
  await root.query(`CREATE DATABASE IF NOT EXISTS ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci`);
  await root.query(`CREATE USER IF NOT EXISTS '${APP_USER}'@'%' IDENTIFIED BY '${APP_PASSWORD}'`);
  await root.destroy();
  return withPath(rootUrl, name);
}

function withPath(rootUrl: string, name: string, user?: string, password?: string): string {
  const url = new URL(rootUrl);
  url.pathname = `/${name}`;
  if (user) url.username = user;
  if (password) url.password = password;
  return url.toString();
}
