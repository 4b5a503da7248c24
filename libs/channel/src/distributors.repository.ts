import { Injectable } from '@nestjs/common';
import { type Reader, type SqlValue, textOf, type Tx } from '@app/database';

export interface Distributor {
  readonly id: number;
  readonly name: string;
  /** The distributor above a sub-distributor (二批商). */
  readonly parentId: number | null;
  readonly status: 'active' | 'ended';
  readonly createdAt: Date;
}

/** As lists show it. */
export interface DistributorItem extends Distributor {
  /** Sub-distributors directly below it. */
  readonly children: number;
  readonly stores: number;
  /** Territories that hold now or later. */
  readonly territories: number;
}

/** `parentId` null = only those at the top; left out = all. */
export interface DistributorFilter {
  readonly parentId?: number | null | undefined;
  /** Part of the name. */
  readonly name?: string | undefined;
}

interface RawItem extends Raw {
  children: string;
  stores: string;
  territories: string;
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

  async page(reader: Reader, filter: DistributorFilter, afterId: number, limit: number): Promise<DistributorItem[]> {
    const { parentId, name } = filter;
    const where = ['d.id > ?'];
    const params: SqlValue[] = [afterId];
    if (parentId === null) where.push('d.parent_id IS NULL');
    else if (parentId !== undefined) {
      where.push('d.parent_id = ?');
      params.push(parentId);
    }
    if (name !== undefined) {
      where.push("d.name LIKE ? ESCAPE '!'");
      params.push(`%${name.replace(/[!%_]/g, '!$&')}%`);
    }
    return this.items(reader, where.join(' AND '), params, limit);
  }

  async findItem(reader: Reader, id: number): Promise<DistributorItem | null> {
    return (await this.items(reader, 'd.id = ?', [id], 1))[0] ?? null;
  }

  async insert(tx: Tx, name: string, parentId: number | null): Promise<number> {
    const { insertId } = await tx.execute(
      'INSERT INTO distributors (name, parent_id, created_at) VALUES (?,?, UTC_TIMESTAMP(6))',
      [name, parentId],
    );
    return insertId;
  }

  async change(tx: Tx, id: number, name: string, parentId: number | null): Promise<void> {
    await tx.execute('UPDATE distributors SET name = ?, parent_id = ? WHERE id = ?', [name, parentId, id]);
  }

  /** False when it has that status already. */
  async setStatus(tx: Tx, id: number, status: Distributor['status']): Promise<boolean> {
    const sql = 'UPDATE distributors SET status = ? WHERE id = ? AND status <> ?';
    return (await tx.execute(sql, [status, id, status])).affectedRows === 1;
  }

  async hasChildren(reader: Reader, id: number): Promise<boolean> {
    return (await reader.query('SELECT id FROM distributors WHERE parent_id = ? LIMIT 1', [id])).length > 0;
  }

  private async items(reader: Reader, where: string, params: SqlValue[], limit: number): Promise<DistributorItem[]> {
    const rows = await reader.query<RawItem>(
      `SELECT ${COLUMNS.split(', ')
        .map((name) => `d.${name}`)
        .join(', ')},
              (SELECT COUNT(*) FROM distributors c WHERE c.parent_id = d.id) AS children,
              (SELECT COUNT(*) FROM stores s WHERE s.distributor_id = d.id) AS stores,
              (SELECT COUNT(*) FROM territories t WHERE t.distributor_id = d.id AND (t.to_at IS NULL OR t.to_at > GREATEST(UTC_TIMESTAMP(6), t.from_at + INTERVAL 1 SECOND)))
                AS territories
         FROM distributors d WHERE ${where} ORDER BY d.id LIMIT ?`,
      [...params, limit],
    );
    return rows.map(({ children, stores, territories, ...raw }) => ({
      ...distributor(raw),
      children: Number(children),
      stores: Number(stores),
      territories: Number(territories),
    }));
  }
}
