import { Injectable } from '@nestjs/common';
import { textOf, type SqlValue, type Tx } from '@app/database';
import { codeKey, memberId, type CodeTriple, type MemberId, type ScanId } from '@app/kernel';
import type { Claim } from './claim';

/** A code about to be queried, and what its row says when this query is its first. */
export interface Query {
  readonly code: CodeTriple;
  readonly member: MemberId;
  readonly at: Date;
  readonly adcode: number | null;
}

interface Row {
  batch_id: number;
  layer: number;
  serial: number;
  first_member_id: string;
  first_at: Date;
  first_adcode: number | null;
  scans: number;
  consumed_by: string | null;
  consumed_scan_id: Buffer | null;
  consumed_at: Date | null;
  held_by: string | null;
  held_until: Date | null;
}

const KEY = ['batch_id', 'layer', 'serial'];
const FIRST = ['first_member_id', 'first_at', 'first_adcode'];
const STATE = ['scans', 'consumed_by', 'consumed_scan_id', 'consumed_at', 'held_by', 'held_until'];

/** One row per code that was ever queried while active: the lock and the unique key that let one scan win. */
@Injectable()
export class Claims {
  /**
   * Locks the rows of these codes in key order, making missing ones with 0 scans, and reads them. Of several queries of one code
   * the first in the list is the one whose member and place a new row remembers.
   */
  async lock(tx: Tx, queries: readonly Query[]): Promise<Map<string, Claim>> {
    const firsts = new Map<string, Query>();
    for (const query of queries) {
      const key = codeKey(query.code);
      if (!firsts.has(key)) firsts.set(key, query);
    }
    if (firsts.size === 0) return new Map();
    const sorted = [...firsts.values()].sort((one, other) => inKeyOrder(one.code, other.code));
    await tx.execute(
      `INSERT INTO code_claims (${[...KEY, ...FIRST].join(',')}) VALUES ${sorted.map(() => '(?,?,?,?,?,?)').join(',')}
       ON DUPLICATE KEY UPDATE batch_id = VALUES(batch_id)`,
      sorted.flatMap(({ code, member, at, adcode }) => [code.batch, code.layer, code.serial, member, at, adcode]),
    );
    const rows = await tx.query<Row>(
      `SELECT ${[...KEY, ...FIRST, ...STATE].join(',')} FROM code_claims
       WHERE (batch_id, layer, serial) IN (${sorted.map(() => '(?,?,?)').join(',')})`,
      sorted.flatMap(({ code }) => [code.batch, code.layer, code.serial]),
    );
    return new Map(rows.map(claimOf).map((claim) => [codeKey(claim.code), claim]));
  }

  /** Writes rows that `lock` holds. */
  async save(tx: Tx, claims: readonly Claim[]): Promise<void> {
    if (claims.length === 0) return;
    const columns = [...KEY, ...FIRST, ...STATE];
    const sorted = [...claims].sort((one, other) => inKeyOrder(one.code, other.code));
    await tx.execute(
      `INSERT INTO code_claims (${columns.join(',')}) VALUES ${sorted.map(() => `(${columns.map(() => '?').join(',')})`).join(',')}
       ON DUPLICATE KEY UPDATE ${STATE.map((column) => `${column} = VALUES(${column})`).join(', ')}`,
      sorted.flatMap(valuesOf),
    );
  }
}

function inKeyOrder(one: CodeTriple, other: CodeTriple): number {
  return one.batch - other.batch || one.layer - other.layer || one.serial - other.serial;
}

function claimOf(row: Row): Claim {
  return {
    code: { batch: row.batch_id, layer: row.layer, serial: row.serial },
    firstMember: memberId(row.first_member_id),
    firstAt: row.first_at,
    firstAdcode: row.first_adcode,
    scans: row.scans,
    consumed:
      row.consumed_by === null
        ? null
        : { by: memberId(row.consumed_by), scanId: textOf(row.consumed_scan_id!) as ScanId, at: row.consumed_at! },
    held: row.held_by === null ? null : { by: memberId(row.held_by), until: row.held_until! },
  };
}

function valuesOf({ code, firstMember, firstAt, firstAdcode, scans, consumed, held }: Claim): SqlValue[] {
  return [
    ...[code.batch, code.layer, code.serial, firstMember, firstAt, firstAdcode, scans],
    ...[consumed?.by ?? null, consumed?.scanId ?? null, consumed?.at ?? null, held?.by ?? null, held?.until ?? null],
  ];
}
