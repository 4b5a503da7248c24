import { Injectable } from '@nestjs/common';
import { Database, textOf, type Tx } from '@app/database';
import { Rejected } from '@app/kernel';
import { FEWEST_COMPARED, NeighboursModel } from './read-models/neighbours';

export interface ReportSettings {
  /** Distributors see their own rank and the mean of all. Off unless headquarters turned it on. */
  readonly rankShown: boolean;
}

const RANK = 'rank_shown';

/** What headquarters lets distributors see beyond their own. */
@Injectable()
export class KeepReportSettings {
  constructor(
    private readonly database: Database,
    private readonly neighbours: NeighboursModel,
  ) {}

  async read(): Promise<ReportSettings> {
    const [row] = await this.database.query<{ value: Buffer }>('SELECT value FROM report_settings WHERE name = ?', [
      RANK,
    ]);
    return { rankShown: row !== undefined && textOf(row.value) === 'on' };
  }

  /** Throws Rejected `too_few_distributors` (422) when a mean would tell what a neighbour has. */
  async change(tx: Tx, { rankShown }: ReportSettings, by: number): Promise<void> {
    if (rankShown && (await this.neighbours.count()) < FEWEST_COMPARED) {
      throw new Rejected(
        'too_few_distributors',
        `经销商不足 ${FEWEST_COMPARED} 家时，平均值会透露别家的数据，不能打开`,
        422,
      );
    }
    await tx.execute(
      `INSERT INTO report_settings (name, value, updated_by, updated_at) VALUES (?, ?, ?, UTC_TIMESTAMP(6))
       ON DUPLICATE KEY UPDATE value = VALUES(value), updated_by = VALUES(updated_by), updated_at = VALUES(updated_at)`,
      [RANK, rankShown ? 'on' : 'off', by],
    );
  }
}
