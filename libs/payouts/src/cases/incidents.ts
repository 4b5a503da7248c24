import { Inject, Injectable } from '@nestjs/common';
import { isDuplicate, type Tx } from '@app/database';
import { counter, LOGGER, type Logger } from '@app/observability';

/**
 * `contradiction`: WeChat said success and failure of one bill. `mismatch`: WeChat knows the bill with another amount or person.
 * `stuck`: open for too long. `unlisted`: an answer our tables do not know. `unpayable`: the member has no openid.
 */
export type IncidentKind = 'contradiction' | 'mismatch' | 'stuck' | 'unlisted' | 'unpayable' | 'channel_blocked';

/** After one of these no new offer begins until people have closed it. */
const FREEZING: readonly IncidentKind[] = ['contradiction', 'mismatch'];

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

  /** The cause is gone: the row is closed and its key is free for the next time. */
  async resolve(tx: Tx, kind: IncidentKind, scope: string): Promise<void> {
    await tx.execute(
      `UPDATE payout_incidents SET resolved_at = UTC_TIMESTAMP(6), incident_key = CONCAT(incident_key, '#', id)
       WHERE incident_key = ? AND resolved_at IS NULL`,
      [`${kind}:${scope}`],
    );
  }

  async freezes(tx: Tx, payoutKey: string): Promise<boolean> {
    const rows = await tx.query(
      `SELECT id FROM payout_incidents WHERE payout_key = ? AND resolved_at IS NULL AND kind IN (?, ?) LIMIT 1`,
      [payoutKey, ...FREEZING],
    );
    return rows.length > 0;
  }
}
