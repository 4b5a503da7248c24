import fc from 'fast-check';
import { bulkInsert, bulkUpsert, placeholders, type SqlValue } from '@app/database';
import type { Action } from './actor';

/** An action with words for a failing script. */
export interface Named {
  readonly name: string;
  readonly what: Action;
}

/** Rows that only make the tables large enough for MariaDB to use their keys. Their ids begin here. */
export const FILLER = 1000;
export const FILLERS = 60;

export const BASE = Date.UTC(2026, 10, 22);

const at = fc.integer({ min: 0, max: 5 }).map((minutes) => new Date(BASE + minutes * 60_000));
const small = fc.integer({ min: 1, max: 4 });
const fen = fc.integer({ min: 0, max: 300 });
const key = fc.constantFrom('a', 'b', 'B', 'c ', '订单');
const keys = fc.uniqueArray(key, { minLength: 1, maxLength: 3 });
const ids = fc.uniqueArray(small, { minLength: 1, maxLength: 4 });

function select(sql: string, params: readonly SqlValue[] = []): Named {
  return { name: `${sql} ${JSON.stringify(params)}`, what: (tx) => tx.query(sql, params) };
}

function execute(sql: string, params: readonly SqlValue[] = []): Named {
  return { name: `${sql} ${JSON.stringify(params)}`, what: (tx) => tx.execute(sql, params) };
}

function insert(table: string, columns: readonly string[], rows: readonly (readonly SqlValue[])[]): Named {
  const name = `bulkInsert ${table} ${JSON.stringify(rows)}`;
  return { name, what: (tx) => bulkInsert(tx, table, columns, rows) };
}

function upsert(
  table: string,
  columns: readonly string[],
  rows: readonly (readonly SqlValue[])[],
  update: readonly string[],
): Named {
  const name = `bulkUpsert ${table} ${JSON.stringify(rows)} ${update.join()}`;
  return { name, what: (tx) => bulkUpsert(tx, table, columns, rows, { update }) };
}

const budgets = fc.oneof(
  fc
    .tuple(small, fen)
    .map(([id, amount]) =>
      execute(
        'UPDATE budgets SET available_fen = available_fen - ?, reserved_fen = reserved_fen + ? WHERE id = ? AND available_fen >= ?',
        [amount, amount, id, amount],
      ),
    ),
  fc.tuple(ids, fen).map(([list, amount]) => {
    const part = `CASE id ${list.map(() => 'WHEN ? THEN ?').join(' ')} END`;
    const parts = list.flatMap((id) => [id, amount + id]);
    return execute(
      `UPDATE budgets SET reserved_fen = reserved_fen - ${part}, settled_fen = settled_fen + ${part}
        WHERE id IN (${placeholders(list)}) AND reserved_fen >= ${part}`,
      [...parts, ...parts, ...list, ...parts],
    );
  }),
  fc
    .tuple(small, fen)
    .map(([id, amount]) =>
      execute('UPDATE budgets SET granted_fen = granted_fen + ?, available_fen = available_fen + ? WHERE id = ?', [
        amount,
        amount,
        id,
      ]),
    ),
  fc
    .tuple(small, fen)
    .map(([id, amount]) => execute('UPDATE budgets SET available_fen = ? WHERE id = ?', [amount, id])),
  ids.map((list) =>
    select(`SELECT id, available_fen FROM budgets WHERE id IN (${placeholders(list)}) ORDER BY id FOR UPDATE`, list),
  ),
  ids.map((list) =>
    select(`SELECT id, name, reserved_fen FROM budgets WHERE id IN (${placeholders(list)}) ORDER BY id`, list),
  ),
  key.map((name) => execute('INSERT INTO budgets (name, created_at) VALUES (?, UTC_TIMESTAMP(6))', [name])),
);

const incidents = fc.oneof(
  fc
    .tuple(key, fc.option(key))
    .map(([name, payout]) =>
      execute(
        "INSERT INTO payout_incidents (incident_key, payout_key, kind, detail, created_at) VALUES (?, ?, 'stuck', '{}', UTC_TIMESTAMP(6))",
        [name, payout],
      ),
    ),
  key.map((name) =>
    execute(
      `UPDATE payout_incidents SET resolved_at = UTC_TIMESTAMP(6), incident_key = CONCAT(incident_key, '#', id)
        WHERE incident_key = ? AND resolved_at IS NULL`,
      [name],
    ),
  ),
  key.map((name) =>
    select('SELECT id, kind, resolved_at, payout_key FROM payout_incidents WHERE incident_key = ?', [name]),
  ),
  key.map((name) => select('SELECT id FROM payout_incidents WHERE incident_key = ? FOR UPDATE', [name])),
);

const CLAIM = ['batch_id', 'layer', 'serial', 'first_member_id', 'first_at', 'scans', 'consumed_by', 'held_until'];
const claim = fc.tuple(small, at, fc.option(small), fc.option(at)).map(([serial, first, by, until]) => {
  return [1, 0, serial, 7, first, serial, by, until] as SqlValue[];
});
const claims = fc.oneof(
  // No row twice in one statement: InnoDB then keeps a lock of the row it takes back, and no code of ours does that and goes on.
  fc
    .uniqueArray(claim, { minLength: 1, maxLength: 3, selector: (row) => row[2] })
    .map((rows) => insert('code_claims', CLAIM, rows)),
  fc
    .uniqueArray(claim, { minLength: 1, maxLength: 3, selector: (row) => row[2] })
    .map((rows) => upsert('code_claims', CLAIM, rows, ['scans = scans + VALUES(scans)', 'consumed_by', 'held_until'])),
  ids.map((list) =>
    select(
      `SELECT serial, scans, consumed_by, held_until FROM code_claims
        WHERE (batch_id = ? AND layer = ? AND serial IN (${placeholders(list)})) ORDER BY batch_id, layer, serial FOR UPDATE`,
      [1, 0, ...list],
    ),
  ),
  ids.map((list) =>
    select(
      `SELECT serial, first_at, first_member_id FROM code_claims
        WHERE (batch_id, layer, serial) IN (${list.map(() => '(?,?,?)').join()}) ORDER BY serial`,
      list.flatMap((serial) => [1, 0, serial]),
    ),
  ),
);

const COUNTER = ['campaign_id', 'counter_key', 'awards', 'fen'];
const counters = fc.oneof(
  fc.tuple(keys, fen).map(([names, amount]) =>
    upsert(
      'campaign_counters',
      COUNTER,
      names.map((name) => [1, name, 1, amount]),
      ['awards = awards + VALUES(awards)', 'fen = fen + VALUES(fen)'],
    ),
  ),
  fc.tuple(key, fen, small).map(([name, amount, campaign]) =>
    execute(
      `INSERT INTO campaign_counters (campaign_id, counter_key, awards, fen) VALUES (?, ?, 1, ?)
        ON DUPLICATE KEY UPDATE awards = IF(fen > VALUES(fen), awards, awards + 1), fen = GREATEST(fen, VALUES(fen))`,
      [campaign, name, amount],
    ),
  ),
  keys.map((names) =>
    select(
      `SELECT counter_key, awards, fen FROM campaign_counters
        WHERE (campaign_id, counter_key) IN (${names.map(() => '(?,?)').join()}) ORDER BY counter_key`,
      names.flatMap((name) => [1, name]),
    ),
  ),
);

const TAG = ['member_id', 'tag', 'added_at'];
const tags = fc.oneof(
  fc.tuple(small, keys, at).map(([member, names, added]) =>
    insert(
      'member_tags',
      TAG,
      names.map((name) => [member, name, added]),
    ),
  ),
  fc
    .tuple(small, key)
    .map(([member, name]) => execute('DELETE FROM member_tags WHERE member_id = ? AND tag = ?', [member, name])),
  fc
    .tuple(small, small, key)
    .map(([from, to, name]) =>
      execute('UPDATE member_tags SET member_id = ? WHERE member_id = ? AND tag = ?', [to, from, name]),
    ),
  fc
    .tuple(small, key)
    .map(([member, name]) =>
      select('SELECT tag, added_at FROM member_tags WHERE member_id = ? AND tag = ?', [member, name]),
    ),
);

const stock = fc.oneof(
  fc
    .tuple(small, small)
    .map(([pool, count]) =>
      execute('UPDATE coupon_stock SET taken = taken + ? WHERE pool_id = ? AND taken + ? <= total', [
        count,
        pool,
        count,
      ]),
    ),
  fc
    .tuple(small, fen)
    .map(([pool, count]) => execute('UPDATE coupon_stock SET total = total - ? WHERE pool_id = ?', [count, pool])),
  fc
    .tuple(small, small)
    .map(([pool, total]) => insert('coupon_stock', ['pool_id', 'total', 'taken'], [[pool, total * 3, 0]])),
  small.map((pool) => select('SELECT total, taken, total - taken AS rest FROM coupon_stock WHERE pool_id = ?', [pool])),
);

const submissions = fc.oneof(
  fc.tuple(small, small).map(([campaign, by]) =>
    execute(
      `INSERT INTO campaign_submissions (campaign_id, pending_campaign, content_hash, state, submitted_by, submitted_at)
        VALUES (?, ?, ?, 'pending', ?, UTC_TIMESTAMP(6))`,
      [campaign, campaign, Buffer.alloc(32, campaign), by],
    ),
  ),
  fc.tuple(small, small, fc.constantFrom('approved', 'rejected', 'pending')).map(([campaign, by, state]) =>
    execute(
      `UPDATE campaign_submissions SET state = ?, pending_campaign = NULL, decided_by = ?, decided_at = UTC_TIMESTAMP(6)
        WHERE pending_campaign = ?`,
      [state, by, campaign],
    ),
  ),
  small.map((campaign) =>
    select('SELECT id, state, decided_by, content_hash FROM campaign_submissions WHERE pending_campaign = ?', [
      campaign,
    ]),
  ),
);

/** Statements that find their rows by whole keys: what they lock does not hang on the plan that MariaDB chooses. */
export const byKey: fc.Arbitrary<Named> = fc.oneof(budgets, incidents, claims, counters, tags, stock, submissions);

const outbox = fc.oneof(
  fc.tuple(keys, fc.integer({ min: -2, max: 2 })).map(([names, minutes]) =>
    execute(
      `INSERT INTO outbox (due, job, job_key, payload, created_at)
        VALUES ${names.map(() => "(UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND, 'j', ?, '{}', UTC_TIMESTAMP(6))").join()}`,
      names.flatMap((name) => [minutes * 60_000_000, name]),
    ),
  ),
  fc.tuple(small, key).map(([limit, lease]) =>
    execute(
      `UPDATE outbox SET lease_by = ?, deliveries = deliveries + 1, due = UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND
        WHERE status = 0 AND due <= UTC_TIMESTAMP(6) AND id < ${FILLER} ORDER BY due, id LIMIT ${limit}`,
      [lease, 30_000_000],
    ),
  ),
  small.map((id) =>
    execute('UPDATE outbox SET status = 1, done_at = UTC_TIMESTAMP(6) WHERE id = ? AND status = 0', [
      String(id + FILLER + FILLERS),
    ]),
  ),
  small.map((days) =>
    execute('DELETE FROM outbox WHERE status = 1 AND due < UTC_TIMESTAMP(6) - INTERVAL ? SECOND ORDER BY due LIMIT 2', [
      days,
    ]),
  ),
  key.map((lease) =>
    select('SELECT id, job_key, deliveries, due, status FROM outbox WHERE lease_by = ? ORDER BY id', [lease]),
  ),
  fc.constant(
    select(`SELECT SUM(status = 0) AS open, SUM(status = 2) AS dead,
              MAX(IF(status = 0, TIMESTAMPDIFF(SECOND, created_at, UTC_TIMESTAMP(6)), 0)) AS oldest,
              COUNT(*) AS n, MIN(due) AS first, MAX(id) AS last, MAX(deliveries) AS most FROM outbox WHERE status IN (0, 2)`),
  ),
);

const reads = fc.constantFrom(
  select(
    'SELECT state, COUNT(*) AS n, SUM(submitted_by) AS sum FROM campaign_submissions GROUP BY state ORDER BY state',
  ),
  select(`SELECT b.id, b.name, COUNT(i.id) AS n FROM budgets b LEFT JOIN payout_incidents i ON i.id = b.id AND i.resolved_at IS NULL
           WHERE b.id < 1000 GROUP BY b.id, b.name HAVING n >= 0 ORDER BY b.id DESC LIMIT 3 OFFSET 1`),
  select(`SELECT DISTINCT member_id FROM member_tags WHERE tag IN ('a', 'b') AND member_id < 1000 ORDER BY member_id`),
  select(`SELECT * FROM (SELECT b.id, b.available_fen, COALESCE((SELECT SUM(c.fen) FROM campaign_counters c
           WHERE c.campaign_id = b.id), 0) AS counted FROM budgets b) AS both_sides WHERE available_fen <> counted AND id < 1000 ORDER BY id`),
  select(`SELECT t.tag, EXISTS (SELECT 1 FROM budgets b WHERE b.id = t.member_id AND b.available_fen > 0) AS rich
            FROM member_tags t WHERE t.member_id < 1000 ORDER BY t.member_id, t.tag`),
  select(
    'SELECT serial, scans, IF(consumed_by IS NULL, 0, 1) AS used FROM code_claims WHERE held_until > UTC_TIMESTAMP(6) OR held_until IS NULL ORDER BY serial',
  ),
  select(`SELECT GROUP_CONCAT(tag ORDER BY tag DESC SEPARATOR '|') AS tags, member_id FROM member_tags WHERE member_id < 1000
           GROUP BY member_id ORDER BY member_id`),
  select('SELECT COUNT(DISTINCT tag) AS n, COUNT(added_by) AS named, MIN(tag) AS least FROM member_tags'),
  select(`SELECT id FROM payout_incidents WHERE (id, incident_key) > (1, 'a') AND id < 1000 ORDER BY id LIMIT 2`),
  select(`SELECT i.id, CAST(created_at AS CHAR) AS at, LEFT(kind, 3) AS k FROM payout_incidents i
           WHERE i.incident_key = CAST(CONCAT('', 'a') AS BINARY) ORDER BY i.id`),
  select(`SELECT i.incident_key, s.state FROM payout_incidents i JOIN campaign_submissions s USING (id) WHERE i.id < 1000
           ORDER BY i.incident_key`),
);

/** Everything, for one transaction alone. */
export const anything: fc.Arbitrary<Named> = fc.oneof(
  { weight: 4, arbitrary: byKey },
  { weight: 3, arbitrary: outbox },
  { weight: 2, arbitrary: reads },
);
