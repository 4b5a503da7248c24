import { DataSource } from 'typeorm';
import { migrations } from './index';

/**
 * Brings the schema to head as the migrator and grants the app user (named in `appUrl`) its rights per table. Returns the names
 * of the migrations that ran. When both are the same user no grants are made.
 */
export async function migrate(migratorUrl: string, appUrl: string): Promise<string[]> {
  const appUser = decodeURIComponent(new URL(appUrl).username);
  const migrator = decodeURIComponent(new URL(migratorUrl).username);
  const source = await new DataSource({
    type: 'mariadb',
    url: migratorUrl,
    charset: 'utf8mb4',
    timezone: 'Z',
    poolSize: 1,
    extra: { connectionLimit: 1 },
    migrations,
    migrationsTableName: 'migrations',
  }).initialize();
  try {
    await source.query('SET @app_user = ?', [appUser === migrator ? null : appUser]);
    const done = await source.runMigrations({ transaction: 'none' });
    return done.map((migration) => migration.name);
  } finally {
    await source.destroy();
  }
}
