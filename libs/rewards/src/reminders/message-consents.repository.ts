import { Injectable } from '@nestjs/common';
import { placeholders, type Reader, type Tx } from '@app/database';
import type { MemberId } from '@app/kernel';

/** Nobody agrees to this many messages by tapping; what is over is not counted. */
const MOST = 20;

/** How often people agreed to be written to and were not yet, as far as we know: WeChat keeps the real count. */
@Injectable()
export class MessageConsents {
  async left(reader: Reader, member: MemberId, templateId: string): Promise<number> {
    const [row] = await reader.query<{ consents: number }>(
      'SELECT consents FROM message_consents WHERE member_id = ? AND template_id = ?',
      [member, templateId],
    );
    return row?.consents ?? 0;
  }

  async add(tx: Tx, member: MemberId, templateId: string): Promise<void> {
    await tx.execute(
      `INSERT INTO message_consents (member_id, template_id, consents, updated_at) VALUES (?, ?, 1, UTC_TIMESTAMP(6))
       ON DUPLICATE KEY UPDATE consents = LEAST(consents + 1, ?), updated_at = VALUES(updated_at)`,
      [member, templateId, MOST],
    );
  }

  /** Uses up one; false when there is none. */
  async take(tx: Tx, member: MemberId, templateId: string): Promise<boolean> {
    const { affectedRows } = await tx.execute(
      `UPDATE message_consents SET consents = consents - 1, updated_at = UTC_TIMESTAMP(6)
        WHERE member_id = ? AND template_id = ? AND consents > 0`,
      [member, templateId],
    );
    return affectedRows === 1;
  }

  /** How many are left of all templates, and since when the newest. */
  async all(reader: Reader, members: readonly MemberId[]): Promise<{ left: number; at: Date | null }> {
    const [row] = await reader.query<{ n: string | null; at: Date | null }>(
      `SELECT SUM(consents) AS n, MAX(updated_at) AS at FROM message_consents WHERE member_id IN (${placeholders(members)}) AND consents > 0`,
      members,
    );
    return { left: Number(row?.n ?? 0), at: row?.at ?? null };
  }

  async forgetAll(tx: Tx, members: readonly MemberId[]): Promise<void> {
    await tx.execute(`DELETE FROM message_consents WHERE member_id IN (${placeholders(members)})`, members);
  }

  /** WeChat knows of none. */
  async forget(tx: Tx, member: MemberId, templateId: string): Promise<void> {
    await tx.execute('DELETE FROM message_consents WHERE member_id = ? AND template_id = ?', [member, templateId]);
  }
}
