import { PlainError } from './stopping.mjs';

const DATABASE = 'yima';

/**
 * Makes the database and its two users on a server where we may: the migrator owns the schema, the app may do nothing until a
 * migration grants it. Safe to repeat; passwords are set to those of our secrets each time.
 *
 * @param {{ adminUrl: string, secrets: { database: { migratorPassword: string, appPassword: string } }, databaseName?: string }} options
 *   `adminUrl` may name the database; users of a database with another name than `yima` carry that name, so that two
 *   systems can share a server
 * @returns {Promise<{ databaseUrl: string, migratorUrl: string }>}
 */
export async function ensureDatabase({ adminUrl, secrets, databaseName }) {
  const admin = new URL(adminUrl);
  const database = databaseName ?? (admin.pathname.slice(1) || DATABASE);
  if (!/^[a-z0-9_]{1,48}$/i.test(database)) {
    throw new PlainError(`The database name "${database}" may hold only letters, digits and _, at most 48.`);
  }
  const { migratorPassword, appPassword } = secrets.database;
  const users = { migrator: `${database}_migrator`, app: `${database}_app` };
  const statements = statementsFor({ database, users, migratorPassword, appPassword });
  await runAsAdmin(admin, statements);
  const urlFor = (user, password) => {
    const url = new URL(admin);
    [url.username, url.password, url.pathname] = [user, password, `/${database}`];
    return url.href;
  };
  return { databaseUrl: urlFor(users.app, appPassword), migratorUrl: urlFor(users.migrator, migratorPassword) };
}

/** Pure: the statements, in order. A `_` in a database name is a wildcard to GRANT and is escaped there. */
export function statementsFor({ database, users, migratorPassword, appPassword }) {
  const userStatements = [
    [users.migrator, migratorPassword],
    [users.app, appPassword],
  ].flatMap(([user, password]) => [
    `CREATE USER IF NOT EXISTS '${user}'@'%' IDENTIFIED BY '${password}'`,
    `ALTER USER '${user}'@'%' IDENTIFIED BY '${password}'`,
  ]);
  return [
    `CREATE DATABASE IF NOT EXISTS \`${database}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci`,
    ...userStatements,
    `GRANT ALL PRIVILEGES ON \`${database.replaceAll('_', '\\_')}\`.* TO '${users.migrator}'@'%' WITH GRANT OPTION`,
  ];
}

async function runAsAdmin(admin, statements) {
  const { createConnection } = (await import('mysql2/promise')).default;
  let connection;
  try {
    connection = await createConnection({
      host: admin.hostname,
      port: Number(admin.port || 3306),
      user: decodeURIComponent(admin.username || 'root'),
      password: decodeURIComponent(admin.password),
      connectTimeout: 10_000,
    });
    for (const statement of statements) await connection.query(statement);
  } catch (error) {
    throw new PlainError(explain(error, admin, statements), { cause: error });
  } finally {
    await connection?.end().catch(() => undefined);
  }
}

function explain(error, admin, statements) {
  const where = `${admin.hostname}:${admin.port || 3306}`;
  if (/ACCESS_DENIED|SPECIFIC_ACCESS|DBACCESS/.test(error.code ?? '')) {
    const sql = statements.map((statement) => `  ${statement.replace(/IDENTIFIED BY '.*?'/, "IDENTIFIED BY '…'")};`);
    return [
      `The user of DATABASE_URL may not create the database and its two users on ${where} (${error.message}).`,
      'Either give an administrator in DATABASE_URL, or let yours run this:',
      ...sql,
      'and start with both addresses: DATABASE_URL=mysql://yima_app:…  MIGRATOR_DATABASE_URL=mysql://yima_migrator:…',
    ].join('\n');
  }
  return `MariaDB at ${where} does not answer as needed: ${error.message}`;
}
