import type { ReadinessCheck } from '@app/observability';
import type { Database } from './unit-of-work';

/** What the money code relies on. Each is a server variable with the values that are allowed. */
const REQUIRED: readonly { name: string; allowed: readonly string[]; onlyIf?: { name: string; value: string } }[] = [
  { name: 'innodb_flush_log_at_trx_commit', allowed: ['1'] },
  { name: 'innodb_rollback_on_timeout', allowed: ['ON'] },
  { name: 'innodb_snapshot_isolation', allowed: ['ON'] },
  { name: 'sync_binlog', allowed: ['1'], onlyIf: { name: 'log_bin', value: 'ON' } },
];

/** Refuses to serve on a server whose settings would lose an acknowledged commit or hide a rolled back one. */
export function databaseReadiness(database: Database): ReadinessCheck {
  return {
    name: 'database',
    async check() {
      const rows = await database.query<{ Variable_name: string; Value: string }>('SHOW GLOBAL VARIABLES');
      const values = new Map(rows.map((row) => [row.Variable_name, row.Value]));
      const wrong = REQUIRED.filter(({ name, allowed, onlyIf }) => {
        const value = values.get(name);
        if (onlyIf && values.get(onlyIf.name) !== onlyIf.value) return false;
        return value !== undefined && !allowed.includes(value);
      });
      if (wrong.length === 0) return null;
      return wrong
        .map(({ name, allowed }) => `${name} is ${values.get(name)}, must be ${allowed.join(' or ')}`)
        .join('; ');
    },
  };
}
