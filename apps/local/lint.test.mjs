import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ESLint } from 'eslint';
import { ROOT } from './places.mjs';

const eslint = new ESLint({ cwd: ROOT });

/** Messages of the rule that watches SQL, for one string literal or template of a script. */
async function complaints(code) {
  const [result] = await eslint.lintText(`export const sql = ${code};\n`, {
    filePath: join(ROOT, 'apps/local/example.mjs'),
  });
  return result.messages.filter((message) => message.ruleId === 'no-restricted-syntax');
}

const FORBIDDEN = [
  "'SELECT id FROM outbox ORDER BY due LIMIT 1 FOR UPDATE SKIP LOCKED'",
  "'select id from outbox for update skip locked'",
  "'INSERT INTO t (a) VALUES (1) RETURNING id'",
  "'delete from t where a = 1 returning id'",
  "'SELECT a FROM t WHERE id = 1 FOR SHARE'",
  "'SELECT a FROM t LOCK IN SHARE MODE'",
  "'INSERT INTO t (a) VALUES (1) AS new ON DUPLICATE KEY UPDATE a = new.a'",
  '`INSERT INTO t (a) VALUES ${1} AS new ON DUPLICATE KEY UPDATE a = new.a`',
  "'CREATE TABLE t (a VARCHAR(9) COLLATE utf8mb4_nopad_bin)'",
  "'id UUID NOT NULL, name VARCHAR(9)'",
  "({ type: 'uuid' })",
  "'CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW SET a = 1'",
  "'CREATE DEFINER = root PROCEDURE x() SELECT 1'",
  '`SELECT a\n  FROM t\n  FOR UPDATE\n  SKIP LOCKED`',
];

const ALLOWED = [
  "'SELECT id FROM outbox WHERE status = 0 ORDER BY due, id LIMIT 200 FOR UPDATE'",
  "'INSERT INTO t (a) VALUES (?) ON DUPLICATE KEY UPDATE a = VALUES(a)'",
  "'INSERT INTO t (a) SELECT x.a FROM (SELECT 1 AS a) AS x ON DUPLICATE KEY UPDATE a = x.a'",
  "'SELECT UUID() AS id'",
  "'a returning member is greeted'",
  "'id BINARY(16) NOT NULL'",
];

describe('the lint over SQL', () => {
  for (const code of FORBIDDEN) {
    it(`refuses ${code.slice(0, 70)}`, async () => assert.ok((await complaints(code)).length > 0));
  }
  for (const code of ALLOWED) {
    it(`lets pass ${code.slice(0, 70)}`, async () => assert.deepEqual(await complaints(code), []));
  }
});
