import { Injectable } from '@nestjs/common';
import { isDuplicate, type Reader, type Tx } from '@app/database';
import { Defect, type CodeTriple } from '@app/kernel';
import type { CodeRange } from './code-range';

/** Ranges whose serials nobody may be told: who knows which serial a code has could look for the codes that were dealt a prize. */
@Injectable()
export class CodeSeals {
  /** Seals a range until `open` is called with the same key (at most 64 bytes). Sealing the same range again changes nothing. */
  async seal(tx: Tx, key: string, { batchId, layer, from, to }: CodeRange): Promise<void> {
    try {
      await tx.execute(
        `INSERT INTO code_seals (seal_key, batch_id, layer, serial_from, serial_to, sealed_at)
         VALUES (?, ?, ?, ?, ?, UTC_TIMESTAMP(6))`,
        [key, batchId, layer, from, to],
      );
    } catch (error) {
      if (!isDuplicate(error, 'PRIMARY')) throw error;
      const [kept] = await tx.query<CodeRange>(
        'SELECT batch_id AS batchId, layer, serial_from AS `from`, serial_to AS `to` FROM code_seals WHERE seal_key = ?',
        [key],
      );
      const same = kept?.batchId === batchId && kept.layer === layer && kept.from === from && kept.to === to;
      if (!same) throw new Defect(`the seal ${key} is on another range`);
    }
  }

  /** The range may be told again. */
  async open(tx: Tx, key: string): Promise<void> {
    await tx.execute('UPDATE code_seals SET opened_at = UTC_TIMESTAMP(6) WHERE seal_key = ? AND opened_at IS NULL', [
      key,
    ]);
  }

  /** The sealed range that a code lies in, or null. */
  sealedAround(reader: Reader, { batch, layer, serial }: CodeTriple): Promise<{ from: number; to: number } | null> {
    return sealedStretch(reader, { batchId: batch, layer, from: serial, to: serial + 1 });
  }
}

/** The first sealed stretch that a range touches, or null. */
export async function sealedStretch(reader: Reader, range: CodeRange): Promise<{ from: number; to: number } | null> {
  const [sealed] = await reader.query<{ from: number; to: number }>(
    `SELECT serial_from AS \`from\`, serial_to AS \`to\` FROM code_seals
      WHERE batch_id = ? AND layer = ? AND opened_at IS NULL AND serial_from < ? AND serial_to > ?
      ORDER BY serial_from LIMIT 1`,
    [range.batchId, range.layer, range.to, range.from],
  );
  return sealed ?? null;
}
