import type { Reader, Tx } from '@app/database';
import { textOf } from '@app/database';
import { Rejected } from '@app/kernel';
import { personOf, type Person } from './person';

/**
 * What may happen to a case. `assigned`: it has an owner now, or none. `resolved`: its cause went away by itself. `decided`: two people
 * decided its payout. `close_*`: a closing that needs two people. `asked_wechat`: somebody had WeChat asked about the bill that `note` names.
 */
export const TRAIL_ACTS = [
  'assigned',
  'noted',
  'asked_wechat',
  'close_asked',
  'close_refused',
  'close_withdrawn',
  'closed',
  'decided',
  'resolved',
] as const;
export type TrailAct = (typeof TRAIL_ACTS)[number];

/** One line of what was done with a case. Never changed, never removed: the app has no right to. */
export interface TrailLine {
  readonly at: Date;
  /** Null: the system. */
  readonly by: Person | null;
  readonly act: TrailAct;
  /** Of `assigned`: who has it now; null = nobody. */
  readonly owner: Person | null;
  readonly decisionId: number | null;
  readonly note: string;
}

export interface NewTrailLine {
  readonly incidentId: number;
  readonly actorId: number | null;
  readonly act: TrailAct;
  readonly ownerId?: number | null;
  readonly decisionId?: number | null;
  readonly note?: string;
}

/** Lines of one case at most: a case with more is a conversation that belongs elsewhere. */
export const MOST_TRAIL_LINES = 500;

export async function appendTrail(tx: Tx, line: NewTrailLine): Promise<void> {
  const { incidentId, actorId, act, ownerId = null, decisionId = null, note = '' } = line;
  await tx.execute(
    `INSERT INTO money_case_trail (incident_id, at, actor_id, act, owner_id, decision_id, note)
     VALUES (?, UTC_TIMESTAMP(6), ?, ?, ?, ?, ?)`,
    [incidentId, actorId, act, ownerId, decisionId, note],
  );
}

/** Throws Rejected `case_full` (409) when people have written all there is room for. Closing always has room. */
export async function assertRoom(tx: Tx, incidentId: number): Promise<void> {
  const [row] = await tx.query<{ lines: string }>(
    'SELECT COUNT(*) AS `lines` FROM money_case_trail WHERE incident_id = ?',
    [incidentId],
  );
  if (Number(row?.lines ?? 0) >= MOST_TRAIL_LINES)
    throw new Rejected('case_full', '这件事的记录已满，请先处理再关闭', 409);
}

/** Everything that was done with these cases, oldest first. */
export async function readTrails(
  reader: Reader,
  incidentIds: readonly number[],
): Promise<ReadonlyMap<number, readonly TrailLine[]>> {
  const trails = new Map<number, TrailLine[]>(incidentIds.map((id) => [id, []]));
  if (incidentIds.length === 0) return trails;
  const rows = await reader.query<{
    incidentId: string;
    at: Date;
    actorId: number | null;
    actorName: string | null;
    act: Buffer;
    ownerId: number | null;
    ownerName: string | null;
    decisionId: number | null;
    note: string;
  }>(
    `SELECT t.incident_id AS incidentId, t.at, t.actor_id AS actorId, a.name AS actorName, t.act, t.owner_id AS ownerId,
            o.name AS ownerName, t.decision_id AS decisionId, t.note
       FROM money_case_trail t LEFT JOIN operators a ON a.id = t.actor_id LEFT JOIN operators o ON o.id = t.owner_id
      WHERE t.incident_id IN (${incidentIds.map(() => '?').join(',')}) ORDER BY t.id LIMIT ${MOST_TRAIL_LINES * 2}`,
    incidentIds,
  );
  for (const { incidentId, at, actorId, actorName, act, ownerId, ownerName, decisionId, note } of rows) {
    trails.get(Number(incidentId))?.push({
      ...{ at, act: textOf(act) as TrailAct, decisionId, note },
      by: personOf(actorId, actorName),
      owner: personOf(ownerId, ownerName),
    });
  }
  return trails;
}
