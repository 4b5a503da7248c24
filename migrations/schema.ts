import type { QueryRunner } from 'typeorm';

/** What the app's database user may do with a table. Append-only tables get no UPDATE and no DELETE. */
export type Right = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';
export const APPEND_ONLY: readonly Right[] = ['SELECT', 'INSERT'];
export const EDITABLE: readonly Right[] = ['SELECT', 'INSERT', 'UPDATE'];
export const DISPOSABLE: readonly Right[] = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'];

/**
 * Creates a table, or leaves it when it is there: a migration that was cut off must run again cleanly from any statement.
 * Then grants the app's user exactly these rights. The grantee comes from the session variable that run.ts sets.
 */
export async function createTable(
  runner: QueryRunner,
  table: string,
  rights: readonly Right[],
  columns: string,
  tail = '',
): Promise<void> {
  await runner.query(
    `CREATE TABLE IF NOT EXISTS ${table} (${columns}) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ${tail}`,
  );
  await grant(runner, table, rights);
}

export async function grant(runner: QueryRunner, table: string, rights: readonly Right[]): Promise<void> {
  const [row] = (await runner.query('SELECT @app_user AS appUser, DATABASE() AS db')) as {
    appUser: string | null;
    db: string;
  }[];
  if (!row?.appUser) return;
  if (!/^[0-9A-Za-z_]{1,32}$/.test(row.appUser)) throw new Error('the app user has an unusable name');
  await runner.query(`GRANT ${rights.join(', ')} ON \`${row.db}\`.\`${table}\` TO '${row.appUser}'@'%'`);
}
