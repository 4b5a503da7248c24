import { Injectable } from '@nestjs/common';
import { Database } from '@app/database';
import { fenFromColumn, type Fen } from '@app/kernel';
import type { Scope } from '../scope';
import { checkRange, type DayRange } from './rollup-scope';

export interface StoreRank {
  readonly id: number;
  readonly name: string;
  readonly adcode: number;
  /** Prizes handed over. */
  readonly redeemed: number;
  /** What the store collected for them. */
  readonly coPayFen: Fen;
}

const MOST = 20;

/** Stores by the prizes they handed over. Scans are not a store's: nobody knows where a bottle was bought until it is shipped by code. */
@Injectable()
export class StoreRankingModel {
  constructor(private readonly database: Database) {}

  /** Most first, at most 20. Throws Rejected `bad_range` (422). */
  async read(scope: Scope, { from, to }: DayRange): Promise<StoreRank[]> {
    checkRange({ from, to });
    const own = scope.kind === 'distributor' ? 'AND r.distributor_id = ?' : '';
    const rows = await this.database.query<{ id: number; name: string; adcode: number; units: string; fen: string }>(
      `SELECT s.id, s.name, s.adcode, SUM(r.units) AS units, SUM(r.co_pay_fen) AS fen
         FROM store_redemption_days r JOIN stores s ON s.id = r.store_id
        WHERE r.day >= ? AND r.day < ? ${own} GROUP BY s.id, s.name, s.adcode ORDER BY units DESC, s.id LIMIT ${MOST}`,
      [from, to, ...(scope.kind === 'distributor' ? [scope.distributorId] : [])],
    );
    return rows.map(({ id, name, adcode, units, fen }) => ({
      ...{ id, name, adcode, redeemed: Number(units), coPayFen: fenFromColumn(fen) },
    }));
  }
}
