import { Injectable } from '@nestjs/common';
import { InactiveScans, type InactiveScan } from '@app/analytics';
import { BatchList, type BatchDetail } from '@app/codes';
import { Database, databaseNow } from '@app/database';
import { regionWords } from '@app/regions';
import { idleRanges, rangeAlarms, type RangeAlarm } from './code-alarm';

export interface CodeAlarm extends Omit<RangeAlarm, 'cities'> {
  readonly batchId: number;
  readonly batchName: string;
  readonly productName: string;
  readonly layerName: string;
  /** 浙江省 杭州市 …, at most 12. */
  readonly cities: readonly string[];
  readonly cityCount: number;
}

export const MOST_ALARM_DAYS = 30;
const DAY_MS = 86_400_000;
const MOST_BATCHES = 50;
const SHOWN_CITIES = 12;

/** 未启用码告警: codes that consumers meet in shops although nobody put them on sale. Computed from recorded scans, kept nowhere. */
@Injectable()
export class CodeAlarms {
  constructor(
    private readonly database: Database,
    private readonly scans: InactiveScans,
    private readonly batches: BatchList,
  ) {}

  /** Most scans first; of at most 50 batches, those scanned last. `days`: 1 to 30. */
  async list(days: number): Promise<CodeAlarm[]> {
    const now = await databaseNow(this.database);
    const found = await this.scans.since(new Date(now.getTime() - Math.min(days, MOST_ALARM_DAYS) * DAY_MS));
    const byBatch = new Map<number, InactiveScan[]>();
    for (const scan of found) byBatch.set(scan.batchId, [...(byBatch.get(scan.batchId) ?? []), scan]);
    const alarms: CodeAlarm[] = [];
    for (const [batchId, scans] of [...byBatch].slice(0, MOST_BATCHES)) {
      const batch = await this.batches.find(batchId);
      if (batch) alarms.push(...alarmsOf(batch, scans));
    }
    return alarms.sort((a, b) => b.scans - a.scans);
  }
}

/** A drafted batch has no codes, and of a frozen or closed one nobody forgot anything. */
function alarmsOf(batch: BatchDetail, scans: readonly InactiveScan[]): CodeAlarm[] {
  if (batch.frozen || batch.status === 'drafted' || batch.status === 'closed') return [];
  const idle = batch.layers.flatMap(({ layer }) =>
    idleRanges(
      layer,
      batch.quantity,
      batch.segments.filter((segment) => segment.layer === layer),
    ),
  );
  return rangeAlarms(idle, scans).map(({ cities, ...alarm }) => ({
    ...alarm,
    batchId: batch.id,
    batchName: batch.name,
    productName: batch.product.name,
    layerName: batch.layers.find(({ layer }) => layer === alarm.layer)?.name ?? `${alarm.layer}`,
    cities: cities.slice(0, SHOWN_CITIES).map((city) => regionWords(city)),
    cityCount: cities.length,
  }));
}
