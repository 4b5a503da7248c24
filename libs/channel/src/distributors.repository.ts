import { Injectable } from '@nestjs/common';
import { type Reader, textOf, type Tx } from '@app/database';

export interface Distributor {
  readonly id: number;
  readonly name: string;
  /** The distributor above a sub-distributor (二批商). */
  readonly parentId: number | null;
  readonly status: 'active' | 'ended';
  readonly createdAt: Date;
}

interface Raw {
  id: number;
  name: string;
  parent_id: number | null;
  status: Buffer;
  created_at: Date;
}

const COLUMNS = 'id, name, parent_id, status, created_at';

function distributor(raw: Raw): Distributor {
  return {
    id: raw.id,
    name: raw.name,
    parentId: raw.parent_id,
    status: textOf(raw.status) as Distributor['status'],
    createdAt: raw.created_at,
  };
}

/** The table `distributors`. */
@Injectable()
export class DistributorsRepository {
  async find(reader: Reader, id: number): Promise<Distributor | null> {
    const [raw] = await reader.query<Raw>(`SELECT ${COLUMNS} FROM distributors WHERE id = ?`, [id]);
    return raw ? distributor(raw) : null;
  }

  /** Locks the row, so that two acts on one distributor follow each other. */
  async lock(tx: Tx, id: number): Promise<Distributor | null> {
    const [raw] = await tx.query<Raw>(`SELECT ${COLUMNS} FROM distributors WHERE id = ? FOR UPDATE`, [id]);
    return raw ? distributor(raw) : null;
  }

  async page(reader: Reader, afterId: number, limit: number): Promise<Distributor[]> {
    const rows = await reader.query<Raw>(`SELECT ${COLUMNS} FROM distributors WHERE id > ? ORDER BY id LIMIT ?`, [
      afterId,
      limit,
    ]);
    return rows.map(distributor);
  }

  async insert(tx: Tx, name: string, parentId: number | null): Promise<number> {
    const { insertId } = await tx.execute(
      'INSERT INTO distributors (name, parent_id, created_at) VALUES (?,?, UTC_TIMESTAMP(6))',
      [name, parentId],
    );
    return insertId;
  }
}
