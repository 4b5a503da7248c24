import { Injectable } from '@nestjs/common';
import { type Reader, textOf, type Tx } from '@app/database';
import type { Territory } from './attribution';

interface Raw {
  id: number;
  distributor_id: number;
  adcode: number;
  product_line: Buffer | null;
  from_at: Date;
  to_at: Date | null;
}

const COLUMNS = 'id, distributor_id, adcode, product_line, from_at, to_at';
const PAGE = 5000;

function territory(raw: Raw): Territory {
  return {
    id: raw.id,
    distributorId: raw.distributor_id,
    adcode: raw.adcode,
    productLine: raw.product_line === null ? null : textOf(raw.product_line),
    from: raw.from_at,
    to: raw.to_at,
  };
}

/** The table `territories`. A territory is ended, never changed or removed: scans keep the distributor they were attributed to. */
@Injectable()
export class TerritoriesRepository {
  /** Every territory, also those that are over: history is written late. A brand has thousands at most. */
  async all(reader: Reader): Promise<Territory[]> {
    const all: Territory[] = [];
    for (;;) {
      const rows = await reader.query<Raw>(`SELECT ${COLUMNS} FROM territories WHERE id > ? ORDER BY id LIMIT ?`, [
        all.at(-1)?.id ?? 0,
        PAGE,
      ]);
      all.push(...rows.map(territory));
      if (rows.length < PAGE) return all;
    }
  }

  async ofDistributor(reader: Reader, distributorId: number, afterId: number, limit: number): Promise<Territory[]> {
    const rows = await reader.query<Raw>(
      `SELECT ${COLUMNS} FROM territories WHERE distributor_id = ? AND id > ? ORDER BY id LIMIT ?`,
      [distributorId, afterId, limit],
    );
    return rows.map(territory);
  }

  async lock(tx: Tx, id: number): Promise<Territory | null> {
    const [raw] = await tx.query<Raw>(`SELECT ${COLUMNS} FROM territories WHERE id = ? FOR UPDATE`, [id]);
    return raw ? territory(raw) : null;
  }

  /** A territory of the same distributor, region and line that overlaps the time. */
  async overlapping(tx: Tx, wanted: Omit<Territory, 'id'>): Promise<Territory | null> {
    const [raw] = await tx.query<Raw>(
      `SELECT ${COLUMNS} FROM territories
        WHERE distributor_id = ? AND adcode = ? AND (product_line = ? OR (product_line IS NULL AND ? IS NULL))
          AND (to_at IS NULL OR to_at > ?) AND (? IS NULL OR from_at < ?) LIMIT 1`,
      [wanted.distributorId, wanted.adcode, wanted.productLine, wanted.productLine, wanted.from, wanted.to, wanted.to],
    );
    return raw ? territory(raw) : null;
  }

  async insert(tx: Tx, wanted: Omit<Territory, 'id'>): Promise<number> {
    const { insertId } = await tx.execute(
      `INSERT INTO territories (distributor_id, adcode, product_line, from_at, to_at, created_at)
       VALUES (?,?,?,?,?, UTC_TIMESTAMP(6))`,
      [wanted.distributorId, wanted.adcode, wanted.productLine, wanted.from, wanted.to],
    );
    return insertId;
  }

  async end(tx: Tx, id: number, at: Date): Promise<void> {
    await tx.execute('UPDATE territories SET to_at = ? WHERE id = ?', [at, id]);
  }

  /** Ends whatever a distributor holds now or later; what has not begun yet holds for a microsecond, which is shorter than any scan's time is told. Returns how many. */
  async endAll(tx: Tx, distributorId: number): Promise<number> {
    const { affectedRows } = await tx.execute(
      `UPDATE territories SET to_at = GREATEST(from_at + INTERVAL 1 MICROSECOND, UTC_TIMESTAMP(6))
        WHERE distributor_id = ? AND (to_at IS NULL OR to_at > UTC_TIMESTAMP(6))`,
      [distributorId],
    );
    return affectedRows;
  }
}
