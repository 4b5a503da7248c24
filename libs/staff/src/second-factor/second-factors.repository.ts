import { Injectable } from '@nestjs/common';
import { bulkInsert, type Reader, type Tx } from '@app/database';

/** The secrets of one operator's phone, sealed. */
export interface StoredFactor {
  readonly sealed: Buffer | null;
  readonly proposed: Buffer | null;
}

/** The columns `totp_*` of `operators`, and the table `operator_recovery_codes`. */
@Injectable()
export class SecondFactorsRepository {
  async find(reader: Reader, operatorId: number): Promise<StoredFactor> {
    const [row] = await reader.query<{ totp_sealed: Buffer | null; totp_proposed: Buffer | null }>(
      'SELECT totp_sealed, totp_proposed FROM operators WHERE id = ?',
      [operatorId],
    );
    return { sealed: row?.totp_sealed ?? null, proposed: row?.totp_proposed ?? null };
  }

  async propose(tx: Tx, operatorId: number, sealed: Buffer): Promise<void> {
    await tx.execute('UPDATE operators SET totp_proposed = ? WHERE id = ?', [sealed, operatorId]);
  }

  /** The proposal becomes what counts; false when it was replaced meanwhile. */
  async confirm(tx: Tx, operatorId: number, proposed: Buffer, step: number): Promise<boolean> {
    const { affectedRows } = await tx.execute(
      'UPDATE operators SET totp_sealed = totp_proposed, totp_proposed = NULL, totp_step = ? WHERE id = ? AND totp_proposed = ?',
      [step, operatorId, proposed],
    );
    return affectedRows === 1;
  }

  /** Uses up a time step and all before it; false when a code of it, or of a later one, was used already. */
  async useStep(tx: Tx, operatorId: number, step: number): Promise<boolean> {
    const { affectedRows } = await tx.execute('UPDATE operators SET totp_step = ? WHERE id = ? AND totp_step < ?', [
      ...[step, operatorId, step],
    ]);
    return affectedRows === 1;
  }

  /** False for a recovery code that is not there or was used. */
  async useRecovery(tx: Tx, operatorId: number, hash: Buffer): Promise<boolean> {
    const { affectedRows } = await tx.execute(
      'UPDATE operator_recovery_codes SET used_at = UTC_TIMESTAMP(6) WHERE operator_id = ? AND code_hash = ? AND used_at IS NULL',
      [operatorId, hash],
    );
    return affectedRows === 1;
  }

  /** Those from before are worth nothing any more. */
  async replaceRecovery(tx: Tx, operatorId: number, hashes: readonly Buffer[]): Promise<void> {
    await tx.execute('DELETE FROM operator_recovery_codes WHERE operator_id = ?', [operatorId]);
    const rows = hashes.map((hash) => [operatorId, hash] as const);
    if (rows.length > 0) await bulkInsert(tx, 'operator_recovery_codes', ['operator_id', 'code_hash'], rows);
  }

  async recoveryLeft(reader: Reader, operatorId: number): Promise<number> {
    const [row] = await reader.query<{ remaining: string }>(
      'SELECT COUNT(*) AS remaining FROM operator_recovery_codes WHERE operator_id = ? AND used_at IS NULL',
      [operatorId],
    );
    return Number(row?.remaining ?? 0);
  }

  async remove(tx: Tx, operatorId: number): Promise<void> {
    await tx.execute('UPDATE operators SET totp_sealed = NULL, totp_proposed = NULL WHERE id = ?', [operatorId]);
    await this.replaceRecovery(tx, operatorId, []);
  }
}
