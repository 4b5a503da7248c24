import { Injectable } from '@nestjs/common';
import { bulkUpsert, textOf, type Reader, type Tx } from '@app/database';
import { memberId, type MemberId } from '@app/kernel';

/** template: 模板消息. subscribe: 订阅通知. visit: nobody could be reached, the wallet tells it. */
export type ReminderWay = 'template' | 'subscribe' | 'sms' | 'visit';

/** Names one reminder. `offerNo` 0: before anybody asked for the money. */
export interface ReminderRef {
  readonly payoutKey: string;
  readonly offerNo: number;
  readonly step: string;
}

export interface PlannedReminder extends ReminderRef {
  readonly memberId: MemberId;
  readonly dueAt: Date;
}

/** One that somebody is busy with. `attempts` is the fence: who was overtaken cannot write any more. */
export interface TakenReminder extends ReminderRef {
  readonly memberId: MemberId;
  readonly attempts: number;
  /** The way that an earlier attempt had begun when it was cut off; null when it had begun none. */
  readonly begun: ReminderWay | null;
}

interface Row {
  payout_key: Buffer;
  offer_no: number;
  step: Buffer;
  member_id: string;
  attempts: number;
  way: Buffer | null;
}

const KEY = 'payout_key = ? AND offer_no = ? AND step = ?';

/** The table `reminders`: one row per award or offer and step. */
@Injectable()
export class Reminders {
  /** What is planned already, or done, stays as it is. */
  async plan(tx: Tx, planned: readonly PlannedReminder[]): Promise<void> {
    await bulkUpsert(
      tx,
      'reminders',
      ['payout_key', 'offer_no', 'step', 'member_id', 'state', 'due_at'],
      planned.map(({ payoutKey, offerNo, step, memberId: member, dueAt }) => [
        ...[payoutKey, offerNo, step, member, 'planned', dueAt],
      ]),
      { update: ['step'] },
    );
  }

  /** Those that are due, or that somebody took and did not finish in time; the longest waiting first. */
  async due(reader: Reader, limit: number): Promise<TakenReminder[]> {
    const rows = await reader.query<Row>(
      `SELECT payout_key, offer_no, step, member_id, attempts, way FROM reminders
        WHERE state IN ('planned', 'sending') AND due_at <= UTC_TIMESTAMP(6) ORDER BY due_at LIMIT ?`,
      [limit],
    );
    return rows.map(reminderOf);
  }

  /** Takes one as it was read; null when somebody else was first. */
  async take(tx: Tx, reminder: TakenReminder, leaseMs: number): Promise<TakenReminder | null> {
    const { affectedRows } = await tx.execute(
      `UPDATE reminders SET state = 'sending', attempts = attempts + 1,
              due_at = UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND
        WHERE ${KEY} AND attempts = ? AND state <> 'done' AND due_at <= UTC_TIMESTAMP(6)`,
      [leaseMs * 1000, ...keyOf(reminder), reminder.attempts],
    );
    return affectedRows === 1 ? { ...reminder, attempts: reminder.attempts + 1 } : null;
  }

  /** Written before a way is tried, so that whoever comes after a crash knows. False when somebody else has it now. */
  begin(tx: Tx, reminder: TakenReminder, way: ReminderWay): Promise<boolean> {
    return this.change(tx, reminder, 'way = ?', [way]);
  }

  finish(tx: Tx, reminder: TakenReminder, way: ReminderWay | null, outcome: string): Promise<boolean> {
    const set = "state = 'done', way = ?, outcome = ?, done_at = UTC_TIMESTAMP(6)";
    return this.change(tx, reminder, set, [way, outcome.slice(0, 24)]);
  }

  /** Looked at again later; counts as never taken. */
  later(tx: Tx, reminder: TakenReminder, dueAt: Date): Promise<boolean> {
    return this.change(tx, reminder, "state = 'planned', attempts = 0, due_at = ?", [dueAt]);
  }

  /** It has no reason any more. */
  async drop(tx: Tx, reminder: TakenReminder): Promise<void> {
    await tx.execute(`DELETE FROM reminders WHERE ${KEY} AND attempts = ? AND state = 'sending'`, [
      ...keyOf(reminder),
      reminder.attempts,
    ]);
  }

  private async change(
    tx: Tx,
    reminder: TakenReminder,
    set: string,
    values: readonly (string | Date | null)[],
  ): Promise<boolean> {
    const { affectedRows } = await tx.execute(
      `UPDATE reminders SET ${set} WHERE ${KEY} AND attempts = ? AND state = 'sending'`,
      [...values, ...keyOf(reminder), reminder.attempts],
    );
    return affectedRows === 1;
  }
}

function keyOf({ payoutKey, offerNo, step }: ReminderRef): [string, number, string] {
  return [payoutKey, offerNo, step];
}

function reminderOf(row: Row): TakenReminder {
  return {
    payoutKey: textOf(row.payout_key),
    offerNo: row.offer_no,
    step: textOf(row.step),
    memberId: memberId(row.member_id),
    attempts: row.attempts,
    begun: row.way === null ? null : (textOf(row.way) as ReminderWay),
  };
}
