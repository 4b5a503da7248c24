import { randomUUID } from 'node:crypto';
import { bulkInsert, type UnitOfWork } from '@app/database';

/** A row of `scans` as tests plant it; what is left out is the plainest scan there is. */
export interface PlantedScan {
  readonly memberId: number;
  readonly scanId?: string;
  readonly at?: Date;
  readonly batchId?: number;
  readonly layer?: number;
  readonly serial?: number;
  readonly verdict?: number;
  readonly counted?: boolean;
  readonly firstOfCode?: boolean;
  readonly newMember?: boolean;
  readonly adcode?: number | null;
  readonly productId?: number;
  readonly distributorId?: number | null;
  readonly campaignId?: number | null;
  readonly amountFen?: number;
  readonly priceFen?: number;
}

const COLUMNS = [
  'member_id',
  'scan_id',
  'at',
  'batch_id',
  'layer',
  'serial',
  'verdict',
  'counted',
  'first_of_code',
  'new_member',
  'adcode',
  'trust',
  'product_id',
  'distributor_id',
  'campaign_id',
  'version_id',
  'amount_fen',
  'price_fen',
  'refusal',
  'facts',
  'answer',
];

/** Writes rows of `scans` as the scan path would, and returns them as jobs name them: `[memberId, scanId]`. */
export async function plantScans(unitOfWork: UnitOfWork, scans: readonly PlantedScan[]): Promise<[number, string][]> {
  const rows = scans.map((scan, index) => ({ ...scan, scanId: scan.scanId ?? randomUUID(), index }));
  await unitOfWork.run((tx) =>
    bulkInsert(
      tx,
      'scans',
      COLUMNS,
      rows.map((scan) => [
        scan.memberId,
        scan.scanId,
        scan.at ?? new Date(),
        scan.batchId ?? 1,
        scan.layer ?? 1,
        scan.serial ?? scan.index,
        scan.verdict ?? 1,
        scan.counted ?? false,
        scan.firstOfCode ?? false,
        scan.newMember ?? false,
        scan.adcode ?? null,
        0,
        scan.productId ?? 1,
        scan.distributorId ?? null,
        scan.campaignId ?? null,
        null,
        scan.amountFen ?? 0,
        scan.priceFen ?? 0,
        null,
        '{}',
        '{}',
      ]),
    ),
  );
  return rows.map(({ memberId, scanId }) => [memberId, scanId]);
}
