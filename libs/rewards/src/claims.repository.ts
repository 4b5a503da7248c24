import { Injectable } from '@nestjs/common';
import { bulkInsert, bulkUpsert, placeholders, textOf, type SqlValue, type Tx } from '@app/database';
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
const COLUMNS = [...KEY, ...FIRST, ...STATE];

/** One row per code that was ever queried while active: the lock and the unique key that let one scan win. */
@Injectable()
export class Claims {
  /**
   * Locks the rows of these codes and reads them. A code without a row gets a claim with 0 scans that `add` makes later: if somebody
   * else makes it in between, `add` fails on the primary key and whoever called decides once more. Of several queries of one code the
   * first in the list is the one whose member and place a new claim remembers.
   */
  async lock(tx: Tx, queries: readonly Query[]): Promise<Map<string, Claim>> {
    const claims = new Map<string, Claim>();
    for (const query of queries) {
      const key = codeKey(query.code);
      if (!claims.has(key)) claims.set(key, newClaim(query));
    }
    if (claims.size === 0) return claims;
    const { where, params } = byBatchAndLayer([...claims.values()].map(({ code }) => code));
    const rows = await tx.query<Row>(
      `SELECT ${COLUMNS.join(',')} FROM code_claims WHERE ${where} ORDER BY batch_id, layer, serial FOR UPDATE`,
      params,
    );
    for (const claim of rows.map(claimOf)) claims.set(codeKey(claim.code), claim);
    return claims;
  }

  /** Writes claims that had no row. Fails with a duplicate of PRIMARY when one has got a row meanwhile. */
  async add(tx: Tx, claims: readonly Claim[]): Promise<void> {
    await bulkInsert(tx, 'code_claims', COLUMNS, inOrder(claims).map(valuesOf));
  }

  /** Writes claims whose rows `lock` holds. */
  async save(tx: Tx, claims: readonly Claim[]): Promise<void> {
    await bulkUpsert(tx, 'code_claims', COLUMNS, inOrder(claims).map(valuesOf), { update: STATE });
  }
}

/** Codes of a group are mostly of one batch and layer, and a list of serials is read faster than a list of triples. */
function byBatchAndLayer(codes: readonly CodeTriple[]): { where: string; params: SqlValue[] } {
  const serials = new Map<string, { batch: number; layer: number; serials: number[] }>();
  for (const { batch, layer, serial } of codes) {
    const key = `${batch}:${layer}`;
    const known = serials.get(key) ?? { batch, layer, serials: [] };
    known.serials.push(serial);
    serials.set(key, known);
  }
  const parts = [...serials.values()];
  return {
    where: parts
      .map((part) => `(batch_id = ? AND layer = ? AND serial IN (${placeholders(part.serials)}))`)
      .join(' OR '),
    params: parts.flatMap((part) => [part.batch, part.layer, ...part.serials]),
  };
}

function newClaim({ code, member, at, adcode }: Query): Claim {
  return { code, firstMember: member, firstAt: at, firstAdcode: adcode, scans: 0, consumed: null, held: null };
}

function inOrder(claims: readonly Claim[]): Claim[] {
  return [...claims].sort((one, other) => inKeyOrder(one.code, other.code));
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
