import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '@app/database';
import { memberId, shanghaiDay, type MemberId } from '@app/kernel';

/** How long a code is good for, how often it may be tried, and how often one may be asked for: per phone and per member alike. */
export const PHONE_CODE = { lifeSeconds: 300, tries: 5, everySeconds: 60, aDay: 10 } as const;

export interface PhoneChallenge {
  readonly member: MemberId;
  readonly nonce: Buffer;
  readonly blind: Buffer;
  readonly sealed: Buffer;
}

/** A consent given or taken back, by the version of the text that was shown. */
export interface ConsentAct {
  readonly kind: string;
  readonly act: 'given' | 'ended';
  readonly version: string;
  readonly at: Date;
}

const LONG_AGO = '2000-01-01 00:00:00';

/** The tables `phone_challenges`, `phone_code_limits` and `member_consents`. */
@Injectable()
export class PhoneChallengesRepository {
  /** Takes one message off the allowance of a subject: false, and nothing taken, when the minute or the day is used up. */
  async takeAllowance(tx: Tx, subject: Buffer, now: Date): Promise<boolean> {
    const day = shanghaiDay(now);
    await tx.execute(
      `INSERT INTO phone_code_limits (subject, day, sent, last_at) VALUES (?, ?, 0, '${LONG_AGO}')
       ON DUPLICATE KEY UPDATE subject = VALUES(subject)`,
      [subject, day],
    );
    const { affectedRows } = await tx.execute(
      `UPDATE phone_code_limits SET sent = IF(day = ?, sent + 1, 1), day = ?, last_at = ?
        WHERE subject = ? AND last_at <= ? - INTERVAL ? SECOND AND (day <> ? OR sent < ?)`,
      [day, day, now, subject, now, PHONE_CODE.everySeconds, day, PHONE_CODE.aDay],
    );
    return affectedRows === 1;
  }

  /** Whether it is the day, not the minute, that is used up, and when the last message was. */
  async allowance(reader: Reader, subject: Buffer): Promise<{ day: string; sent: number; lastAt: Date } | null> {
    const [row] = await reader.query<{ day: string; sent: number; last_at: Date }>(
      `SELECT DATE_FORMAT(day, '%Y-%m-%d') AS day, sent, last_at FROM phone_code_limits WHERE subject = ?`,
      [subject],
    );
    return row ? { day: row.day, sent: row.sent, lastAt: row.last_at } : null;
  }

  /** A new code takes the place of the one before it. */
  async put(tx: Tx, { member, nonce, blind, sealed }: PhoneChallenge, now: Date): Promise<void> {
    await this.drop(tx, member, blind);
    await tx.execute(
      `INSERT INTO phone_challenges (member_id, phone_blind, nonce, phone_sealed, created_at, expires_at)
       VALUES (?,?,?,?,?, ? + INTERVAL ? SECOND)`,
      [member, blind, nonce, sealed, now, now, PHONE_CODE.lifeSeconds],
    );
  }

  /** Counts a try and gives the nonce to hold it against; null when there is no code, or it is over, or was tried too often. */
  async takeTry(tx: Tx, member: MemberId, blind: Buffer): Promise<Buffer | null> {
    const { affectedRows } = await tx.execute(
      `UPDATE phone_challenges SET tries = tries + 1
        WHERE member_id = ? AND phone_blind = ? AND tries < ? AND expires_at > UTC_TIMESTAMP(6)`,
      [member, blind, PHONE_CODE.tries],
    );
    if (affectedRows === 0) return null;
    const [row] = await tx.query<{ nonce: Buffer }>(
      'SELECT nonce FROM phone_challenges WHERE member_id = ? AND phone_blind = ?',
      [member, blind],
    );
    return row?.nonce ?? null;
  }

  /** Uses a code up: true once. */
  async consume(tx: Tx, member: MemberId, nonce: Buffer): Promise<boolean> {
    const sql = 'DELETE FROM phone_challenges WHERE nonce = ? AND member_id = ?';
    return (await tx.execute(sql, [nonce, member])).affectedRows === 1;
  }

  /** A code that still has to be sent and can still be used. */
  async unsent(reader: Reader, nonce: Buffer): Promise<PhoneChallenge | null> {
    const [row] = await reader.query<{ member_id: string; phone_blind: Buffer; phone_sealed: Buffer }>(
      `SELECT member_id, phone_blind, phone_sealed FROM phone_challenges
        WHERE nonce = ? AND sent_at IS NULL AND expires_at > UTC_TIMESTAMP(6)`,
      [nonce],
    );
    return row ? { member: memberId(row.member_id), nonce, blind: row.phone_blind, sealed: row.phone_sealed } : null;
  }

  async markSent(tx: Tx, nonce: Buffer): Promise<void> {
    await tx.execute('UPDATE phone_challenges SET sent_at = UTC_TIMESTAMP(6) WHERE nonce = ?', [nonce]);
  }

  async drop(tx: Tx, member: MemberId, blind: Buffer): Promise<void> {
    await tx.execute('DELETE FROM phone_challenges WHERE member_id = ? AND phone_blind = ?', [member, blind]);
  }

  async dropAll(tx: Tx, member: MemberId): Promise<void> {
    await tx.execute('DELETE FROM phone_challenges WHERE member_id = ?', [member]);
  }

  /** Codes that are over, and counts of days that are over. */
  async purge(tx: Tx, atOnce: number): Promise<void> {
    await tx.execute('DELETE FROM phone_challenges WHERE expires_at < UTC_TIMESTAMP(6) - INTERVAL 1 HOUR LIMIT ?', [
      atOnce,
    ]);
    await tx.execute('DELETE FROM phone_code_limits WHERE last_at < UTC_TIMESTAMP(6) - INTERVAL 2 DAY LIMIT ?', [
      atOnce,
    ]);
  }

  /** The version of the text that the member agreed to last; null when never, or when the consent was taken back. */
  async consentOf(reader: Reader, member: MemberId): Promise<string | null> {
    const [row] = await reader.query<{ act: Buffer; text_version: Buffer }>(
      `SELECT act, text_version FROM member_consents WHERE member_id = ? AND kind = 'phone'
        ORDER BY at DESC, act LIMIT 1`,
      [member],
    );
    return row?.act.toString() === 'given' ? row.text_version.toString() : null;
  }

  /** Every act of consent of a member, oldest first. */
  async consentsOf(reader: Reader, member: MemberId): Promise<ConsentAct[]> {
    const rows = await reader.query<{ kind: Buffer; act: Buffer; text_version: Buffer; at: Date }>(
      'SELECT kind, act, text_version, at FROM member_consents WHERE member_id = ? ORDER BY at, act DESC',
      [member],
    );
    return rows.map(({ kind, act, text_version, at }) => ({
      ...{ kind: kind.toString(), act: act.toString() as ConsentAct['act'], version: text_version.toString(), at },
    }));
  }

  async recordConsent(tx: Tx, member: MemberId, act: 'given' | 'ended', version: string, at: Date): Promise<void> {
    await tx.execute('INSERT INTO member_consents (member_id, kind, at, act, text_version) VALUES (?,?,?,?,?)', [
      member,
      'phone',
      at,
      act,
      version,
    ]);
  }
}
