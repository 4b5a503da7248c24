import { Injectable } from '@nestjs/common';
import { bulkInsert, placeholders, type Reader, textOf, type Tx } from '@app/database';
import { fenFromColumn, memberId, type MemberId } from '@app/kernel';
import type { MemberEvent, MemberEventKind } from './member-totals';

/** An event to be written, with what its line in the timeline shows. */
export interface NewMemberEvent extends MemberEvent {
  readonly data: Readonly<Record<string, string | number | boolean | null>> | null;
  /** False when a job will add it to the totals later. */
  readonly folded: boolean;
}

interface Raw {
  member_id: string;
  event_key: Buffer;
  kind: Buffer;
  at: Date;
  amount_fen: string;
  spend_fen: string;
  adcode: number | null;
}

const COLUMNS = 'member_id, event_key, kind, at, amount_fen, spend_fen, adcode';

function memberEvent(raw: Raw): MemberEvent {
  return {
    memberId: memberId(raw.member_id),
    eventKey: textOf(raw.event_key),
    kind: textOf(raw.kind) as MemberEventKind,
    at: raw.at,
    amountFen: fenFromColumn(raw.amount_fen),
    spendFen: fenFromColumn(raw.spend_fen),
    adcode: raw.adcode,
  };
}

/** The table `member_events`: the log that totals are folded from. Rows stay with the member they happened to, merged or not. */
@Injectable()
export class MemberEventsRepository {
  /** Throws a duplicate key error when an event is already there. */
  async insert(tx: Tx, events: readonly NewMemberEvent[]): Promise<void> {
    await bulkInsert(
      tx,
      'member_events',
      ['member_id', 'event_key', 'kind', 'at', 'amount_fen', 'spend_fen', 'adcode', 'data', 'folded'],
      events.map((event) => [
        event.memberId,
        event.eventKey,
        event.kind,
        event.at,
        event.amountFen,
        event.spendFen,
        event.adcode,
        event.data === null ? null : JSON.stringify(event.data),
        event.folded ? 1 : 0,
      ]),
    );
  }

  /** Which of these `[memberId, eventKey]` pairs are there, as `memberId/eventKey`. */
  async present(tx: Tx, pairs: readonly (readonly [MemberId, string])[]): Promise<Set<string>> {
    if (pairs.length === 0) return new Set();
    // The index is named because the other one, which begins with the member too, would walk all of a member's events.
    const rows = await tx.query<{ member_id: string; event_key: Buffer }>(
      `SELECT member_id, event_key FROM member_events FORCE INDEX (PRIMARY)
        WHERE (member_id, event_key) IN (${pairs.map(() => '(?,?)').join(',')})`,
      pairs.flat(),
    );
    return new Set(rows.map((row) => `${row.member_id}/${textOf(row.event_key)}`));
  }

  /** Takes an unfolded event for the totals: the event once, null for every later caller. */
  async claimUnfolded(tx: Tx, member: MemberId, eventKey: string): Promise<MemberEvent | null> {
    const claimed = await tx.execute(
      'UPDATE member_events SET folded = 1 WHERE member_id = ? AND event_key = ? AND folded = 0',
      [member, eventKey],
    );
    if (claimed.affectedRows === 0) return null;
    const [raw] = await tx.query<Raw>(`SELECT ${COLUMNS} FROM member_events WHERE member_id = ? AND event_key = ?`, [
      member,
      eventKey,
    ]);
    return raw ? memberEvent(raw) : null;
  }

  /** Events of one member in the order of their keys, `limit` after `afterKey`. */
  async page(reader: Reader, member: MemberId, afterKey: string, limit: number): Promise<MemberEvent[]> {
    const rows = await reader.query<Raw>(
      `SELECT ${COLUMNS} FROM member_events WHERE member_id = ? AND event_key > ? ORDER BY event_key LIMIT ?`,
      [member, afterKey, limit],
    );
    return rows.map(memberEvent);
  }

  async markFolded(tx: Tx, members: readonly MemberId[]): Promise<void> {
    await tx.execute(
      `UPDATE member_events SET folded = 1 WHERE member_id IN (${placeholders(members)}) AND folded = 0`,
      members,
    );
  }
}
