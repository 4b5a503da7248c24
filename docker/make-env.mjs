import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureSecrets } from '../apps/local/secrets.mjs';

/** Makes `.data/secrets.json`, the sandbox's CA file and `docker/.env` with the database passwords. Writes over none of them. */
const root = join(import.meta.dirname, '..');
const { secrets } = await ensureSecrets(join(root, '.data', 'secrets.json'));
const { migratorPassword, appPassword } = secrets.database;
const lines = [
  `MARIADB_ROOT_PASSWORD=${randomBytes(16).toString('hex')}`,
  `YIMA_MIGRATOR_PASSWORD=${migratorPassword}`,
  `YIMA_APP_PASSWORD=${appPassword}`,
];
const files = {
  [join(root, '.data', 'sandbox-ca.pem')]: secrets.sandbox.ca.certificate,
  [join(root, 'docker', '.env')]: `${lines.join('\n')}\n`,
};
for (const [file, text] of Object.entries(files)) {
  if (existsSync(file)) continue;
  writeFileSync(file, text, { mode: 0o600 });
  console.log(`wrote ${file}`);
}
