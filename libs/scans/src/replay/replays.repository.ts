import { Injectable } from '@nestjs/common';
import type { CampaignContent, ReplayResult, StartOfReplay, SyntheticShape } from '@app/campaigns';
import { Database, textOf, UnitOfWork, type SqlValue, type Tx } from '@app/database';

export const REPLAY_STATES = ['queued', 'running', 'done', 'cancelled', 'failed'] as const;
export type ReplayState = (typeof REPLAY_STATES)[number];

/** A replay as a list shows it. */
export interface ReplayItem {
  readonly id: number;
  readonly campaignId: number;
  readonly draftHash: string;
  readonly days: number;
  /** The scans that are replayed: `[from, to)`. */
  readonly from: Date;
  readonly to: Date;
  /** How the scans were made up; null = the recorded ones. */
  readonly synthetic: SyntheticShape | null;
  /** Other campaigns decide beside the draft. */
  readonly together: boolean;
  readonly state: ReplayState;
  readonly progress: { readonly scans: number; readonly of: number | null };
  /** Why it failed, in Chinese; null otherwise. */
  readonly failure: string | null;
  readonly createdBy: number | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

/** All that a worker needs to run one. */
export interface ReplayOrder {
  readonly campaignId: number;
  readonly draft: CampaignContent;
  readonly draftHash: string;
  readonly others: readonly number[];
  readonly start: StartOfReplay;
  readonly synthetic: SyntheticShape | null;
  readonly days: number;
  readonly from: Date;
  readonly to: Date;
}

interface Row {
  id: number;
  campaignId: number;
  draftHash: Buffer;
  days: number;
  fromAt: Date;
  toAt: Date;
  others: string;
  synthetic: string | null;
  state: Buffer;
  scansDone: number;
  scansTotal: number | null;
  failure: string | null;
  createdBy: number | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

const COLUMNS = `id, campaign_id AS campaignId, draft_hash AS draftHash, days, from_at AS fromAt, to_at AS toAt, others, synthetic, state,
  scans_done AS scansDone, scans_total AS scansTotal, failure, created_by AS createdBy, created_at AS createdAt,
  started_at AS startedAt, finished_at AS finishedAt`;

/** A runner that was not heard of for so long is dead: another may take its replay. */
const SILENT_SECONDS = 15;

/** The table of replays. Every change of state is one conditional update. */
@Injectable()
export class ReplaysRepository {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  async insert(tx: Tx, order: ReplayOrder, by: number | null): Promise<number> {
    const { insertId } = await tx.execute(
      `INSERT INTO campaign_replays
         (campaign_id, draft, draft_hash, others, start, synthetic, days, from_at, to_at, state, created_by, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, UTC_TIMESTAMP(6))`,
      [
        ...[order.campaignId, JSON.stringify(order.draft), Buffer.from(order.draftHash, 'hex')],
        ...[JSON.stringify(order.others), JSON.stringify(order.start)],
        ...[order.synthetic === null ? null : JSON.stringify(order.synthetic), order.days, order.from, order.to, by],
      ],
    );
    return insertId;
  }

  /** Replays that wait or run: of this campaign, and of all. */
  async unfinished(tx: Tx, campaignId: number): Promise<{ mine: number; all: number }> {
    const [row] = await tx.query<{ mine: string | null; total: string }>(
      `SELECT SUM(campaign_id = ?) AS mine, COUNT(*) AS total FROM campaign_replays WHERE state IN ('queued', 'running')`,
      [campaignId],
    );
    return { mine: Number(row?.mine ?? 0), all: Number(row?.total ?? 0) };
  }

  /** Newest first. */
  async page(campaignId: number, limit: number, beforeId: number): Promise<ReplayItem[]> {
    const rows = await this.database.query<Row>(
      `SELECT ${COLUMNS} FROM campaign_replays WHERE campaign_id = ? AND id < ? ORDER BY id DESC LIMIT ?`,
      [campaignId, beforeId, limit],
    );
    return rows.map(itemOf);
  }

  async find(campaignId: number, id: number): Promise<(ReplayItem & { result: ReplayResult | null }) | null> {
    const [row] = await this.database.query<Row & { result: string | null }>(
      `SELECT ${COLUMNS}, result FROM campaign_replays WHERE id = ? AND campaign_id = ?`,
      [id, campaignId],
    );
    return row
      ? { ...itemOf(row), result: row.result === null ? null : (JSON.parse(row.result) as ReplayResult) }
      : null;
  }

  async order(id: number): Promise<{ state: ReplayState; order: ReplayOrder } | null> {
    const [row] = await this.database.query<Row & { draft: string; start: string }>(
      `SELECT ${COLUMNS}, draft, start FROM campaign_replays WHERE id = ?`,
      [id],
    );
    if (!row) return null;
    const order: ReplayOrder = {
      campaignId: row.campaignId,
      draft: JSON.parse(row.draft) as CampaignContent,
      draftHash: row.draftHash.toString('hex'),
      others: JSON.parse(row.others) as number[],
      start: JSON.parse(row.start) as StartOfReplay,
      synthetic: shapeOf(row),
      ...{ days: row.days, from: row.fromAt, to: row.toAt },
    };
    return { state: textOf(row.state) as ReplayState, order };
  }

  /** Makes `runner` the one who runs it, when nobody who is alive does. */
  claim(id: number, runner: string): Promise<boolean> {
    return this.change(
      `UPDATE campaign_replays SET state = 'running', runner = ?, beat_at = UTC_TIMESTAMP(6), scans_done = 0,
              started_at = COALESCE(started_at, UTC_TIMESTAMP(6))
        WHERE id = ? AND (state = 'queued' OR (state = 'running' AND beat_at < UTC_TIMESTAMP(6) - INTERVAL ${SILENT_SECONDS} SECOND))`,
      [runner, id],
    );
  }

  /** A sign of life with the progress. False when the replay was cancelled or taken by another. */
  beat(id: number, runner: string, scans: number, of: number): Promise<boolean> {
    return this.change(
      `UPDATE campaign_replays SET beat_at = UTC_TIMESTAMP(6), scans_done = ?, scans_total = ?
        WHERE id = ? AND runner = ? AND state = 'running'`,
      [scans, of, id, runner],
    );
  }

  finish(id: number, runner: string, result: ReplayResult): Promise<boolean> {
    return this.change(
      `UPDATE campaign_replays SET state = 'done', result = ?, scans_done = COALESCE(scans_total, scans_done),
              finished_at = UTC_TIMESTAMP(6)
        WHERE id = ? AND runner = ? AND state = 'running'`,
      [JSON.stringify(result), id, runner],
    );
  }

  fail(id: number, runner: string, failure: string): Promise<boolean> {
    return this.change(
      `UPDATE campaign_replays SET state = 'failed', failure = ?, finished_at = UTC_TIMESTAMP(6)
        WHERE id = ? AND runner = ? AND state = 'running'`,
      [failure.slice(0, 255), id, runner],
    );
  }

  /** Gives it back, for whoever comes next to begin again. */
  release(id: number, runner: string): Promise<boolean> {
    return this.change(
      `UPDATE campaign_replays SET state = 'queued', runner = NULL WHERE id = ? AND runner = ? AND state = 'running'`,
      [id, runner],
    );
  }

  async cancel(tx: Tx, campaignId: number, id: number): Promise<boolean> {
    const { affectedRows } = await tx.execute(
      `UPDATE campaign_replays SET state = 'cancelled', finished_at = UTC_TIMESTAMP(6)
        WHERE id = ? AND campaign_id = ? AND state IN ('queued', 'running')`,
      [id, campaignId],
    );
    return affectedRows === 1;
  }

  private async change(sql: string, params: readonly SqlValue[]): Promise<boolean> {
    const { affectedRows } = await this.unitOfWork.run((tx) => tx.execute(sql, params));
    return affectedRows === 1;
  }
}

function shapeOf({ synthetic }: Row): SyntheticShape | null {
  return synthetic === null ? null : (JSON.parse(synthetic) as SyntheticShape);
}

function itemOf(row: Row): ReplayItem {
  return {
    id: row.id,
    campaignId: row.campaignId,
    draftHash: row.draftHash.toString('hex'),
    ...{ days: row.days, from: row.fromAt, to: row.toAt, together: row.others !== '[]' },
    synthetic: shapeOf(row),
    state: textOf(row.state) as ReplayState,
    progress: { scans: row.scansDone, of: row.scansTotal },
    ...{ failure: row.failure, createdBy: row.createdBy },
    ...{ createdAt: row.createdAt, startedAt: row.startedAt, finishedAt: row.finishedAt },
  };
}
