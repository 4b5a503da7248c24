import { DataSource, type DataSourceOptions, type EntitySchema, type MixedList } from 'typeorm';

/** Options for one pool. Session settings are made in SQL on each new connection, because a server's defaults are not ours. */
export function dataSourceOptions(
  url: string,
  poolSize: number,
  entities: MixedList<string | (new () => unknown) | EntitySchema> = [],
): DataSourceOptions {
  return {
    type: 'mariadb',
    url,
    charset: 'utf8mb4',
    timezone: 'Z',
    supportBigNumbers: true,
    bigNumberStrings: true,
    synchronize: false,
    entities: entities as DataSourceOptions['entities'],
    poolSize,
    connectTimeout: 3000,
    extra: {
      connectionLimit: poolSize,
      queueLimit: 2000,
      idleTimeout: 60_000,
      maxIdle: poolSize,
      enableKeepAlive: true,
    },
  };
}

/** READ COMMITTED, strict mode, UTC, and a bound on every lock wait and statement. */
const SESSION = [
  "SET SESSION time_zone = '+00:00'",
  "sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ZERO_DATE,NO_ZERO_IN_DATE,NO_ENGINE_SUBSTITUTION'",
  'innodb_lock_wait_timeout = 3',
  // A process that stands still in the middle of a transaction loses it: sums kept up to ten minutes ago miss nothing.
  'idle_transaction_timeout = 300',
].join(', ');

interface PoolConnection {
  query(sql: string): void;
}

interface PoolDriver {
  pool: { on(event: 'connection', listener: (connection: PoolConnection) => void): void };
}

/** Connects and prepares every connection that the pool will ever open. */
export async function connect(options: DataSourceOptions): Promise<DataSource> {
  const source = await new DataSource(options).initialize();
  const { pool } = source.driver as unknown as PoolDriver;
  const prepare = (connection: PoolConnection): void => {
    connection.query(SESSION);
    connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
  };
  pool.on('connection', prepare);
  await prepareExisting(source);
  return source;
}

/** The connection that `initialize` opened was there before our listener. */
async function prepareExisting(source: DataSource): Promise<void> {
  await source.query(SESSION);
  await source.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
}
