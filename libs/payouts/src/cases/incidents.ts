import { Inject, Injectable } from '@nestjs/common';
import { isDuplicate, type Tx } from '@app/database';
import { counter, LOGGER, type Logger } from '@app/observability';
import { FREEZING_KINDS, type IncidentKind } from './incident-kinds';

export type { IncidentKind } from './incident-kinds';

const raised = counter('payout_incidents_total', 'Payout incidents raised', ['kind'] as const);

/** What people must look at. One row per cause, however often it is seen. */
@Injectable()
export class Incidents {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  /** `detail` must not hold personal data. Returns whether this is the first time. */
  async raise(
    tx: Tx,
    incident: { kind: IncidentKind; payoutKey: string | null; billNo: string | null; detail: string; scope?: string },
  ): Promise<boolean> {
    const { kind, payoutKey, billNo, detail, scope } = incident;
    const key = `${kind}:${scope ?? billNo ?? payoutKey ?? 'all'}`.slice(0, 96);
    try {
      await tx.execute(
        `INSERT INTO payout_incidents (incident_key, payout_key, bill_no, kind, detail, created_at)
         VALUES (?, ?, ?, ?, ?, UTC_TIMESTAMP(6))`,
        [key, payoutKey, billNo, kind, detail.slice(0, 2000)],
      );
    } catch (error) {
      if (isDuplicate(error, 'uq_payout_incidents_key')) return false;
      throw error;
    }
    raised.inc({ kind });
    this.logger.error({ kind, payoutKey, billNo, detail }, 'payout.incident');
    return true;
  }

  /** The cause is gone: the row is closed, its trail says by whom (nobody), and its key is free for the next time. */
  async resolve(tx: Tx, kind: IncidentKind, scope: string): Promise<void> {
    const [row] = await tx.query<{ id: string }>('SELECT id FROM payout_incidents WHERE incident_key = ? FOR UPDATE', [
      `${kind}:${scope}`,
    ]);
    if (row && (await this.close(tx, row.id))) {
      await tx.execute(
        `INSERT INTO money_case_trail (incident_id, at, act, note) VALUES (?, UTC_TIMESTAMP(6), 'resolved', '')`,
        [row.id],
      );
    }
  }

  /** Closes an open row and frees its key. False when it was closed already. The caller writes the trail. */
  async close(tx: Tx, id: number | string): Promise<boolean> {
    const { affectedRows } = await tx.execute(
      `UPDATE payout_incidents SET resolved_at = UTC_TIMESTAMP(6), incident_key = CONCAT(incident_key, '#', id)
       WHERE id = ? AND resolved_at IS NULL`,
      [id],
    );
    return affectedRows === 1;
  }

  async freezes(tx: Tx, payoutKey: string): Promise<boolean> {
    const rows = await tx.query(
      `SELECT id FROM payout_incidents WHERE payout_key = ? AND resolved_at IS NULL
         AND kind IN (${FREEZING_KINDS.map(() => '?').join(', ')}) LIMIT 1`,
      [payoutKey, ...FREEZING_KINDS],
    );
    return rows.length > 0;
  }
}
