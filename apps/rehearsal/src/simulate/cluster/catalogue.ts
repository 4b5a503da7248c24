import { campaignTemplate, compileCampaign, type CampaignContent, type CompiledVersion } from '@app/campaigns';
import type { ResolvedCode } from '@app/codes';
import { fen, type CodeTriple } from '@app/kernel';

/** A batch of codes whose scans one campaign decides. */
export interface Line {
  readonly batch: number;
  readonly campaignId: number;
  readonly versionId: number;
  readonly budgetId: number;
  readonly grantedFen: number;
  /** Prizes there are; null = as many as the money reaches. */
  readonly stock: number | null;
  readonly largestFen: number;
  readonly amount: Extract<CampaignContent['prizes'][number], { kind: 'cash' }>['amount'];
}

const line = (no: number, rest: Pick<Line, 'grantedFen' | 'stock' | 'largestFen' | 'amount'>): Line => ({
  batch: no,
  campaignId: no,
  versionId: no,
  budgetId: no,
  ...rest,
});

/** Plenty for everybody, few prizes, and money for a single one. */
export const LINES: readonly Line[] = [
  line(1, { grantedFen: 10_000, stock: null, largestFen: 188, amount: { type: 'fixed', fen: 188 } }),
  line(2, { grantedFen: 1_000, stock: 2, largestFen: 500, amount: { type: 'uniform', minFen: 100, maxFen: 500 } }),
  line(3, { grantedFen: 700, stock: null, largestFen: 500, amount: { type: 'fixed', fen: 500 } }),
];

export const CODES_PER_LINE = 6;
export const PRIZE_KEY = 'cash';
const THANKS = 'thanks';

const VERSIONS = LINES.map(({ batch, budgetId, campaignId, versionId, stock, amount }) => {
  const prize = { kind: 'cash', key: PRIZE_KEY, name: '开盖红包', amount, stock } as const;
  const table = { mode: 'drawn', prizes: [{ key: PRIZE_KEY, odds: 1_000_000 }], fallbackPrizeKey: THANKS } as const;
  const content = campaignTemplate(`活动 ${campaignId}`, budgetId, {
    scope: { products: [], batches: [batch] },
    rules: [{ key: 'everybody', name: '人人有奖', when: { all: [] }, then: table }],
    prizes: [prize, { kind: 'nothing', key: THANKS, name: '谢谢参与' }],
    caps: [],
  });
  return compileCampaign({ campaignId, versionId, versionNo: 1, contentHash: '', content });
});

/** In place of `CampaignCatalog`: three campaigns that never change. */
export class StandingCampaigns {
  live(): Promise<readonly CompiledVersion[]> {
    return Promise.resolve(VERSIONS);
  }

  refreshIfStale(): Promise<boolean> {
    return Promise.resolve(false);
  }

  byIds(_reader: unknown, ids: readonly number[]): Promise<readonly CompiledVersion[]> {
    return Promise.resolve(VERSIONS.filter(({ versionId }) => ids.includes(versionId)));
  }
}

/** In place of `CodeCatalog`: every code of the lines is active. */
export class StandingCodes {
  ensure(): Promise<void> {
    return Promise.resolve();
  }

  resolve({ batch, layer, serial }: CodeTriple): ResolvedCode {
    const known = LINES.some((one) => one.batch === batch) && layer === 0 && serial < CODES_PER_LINE;
    if (!known) return { kind: 'unknown' };
    return {
      kind: 'known',
      batch: {
        ...{ id: batch, name: `批次 ${batch}`, quantity: CODES_PER_LINE },
        ...{ status: 'issued' as const, frozen: false, frozenCause: null, expiresAt: null },
      },
      layer: { layer: 0, name: '盖内码', purpose: 'prize' },
      product: {
        ...{ id: 1, sku: 'SIM', gtin: null, name: '青柠气泡茶', line: 'lime', spec: '500 ml' },
        ...{ unitsPerCase: 15, imageUrl: null },
      },
      state: 'active',
      pays: true,
      honeyOf: null,
      lot: null,
      segmentId: null,
      epoch: 1,
      priceFen: fen(550),
    };
  }

  readBatchEpochs(): Promise<ReadonlyMap<number, number>> {
    return Promise.resolve(new Map<number, number>());
  }

  staleAmong(): number[] {
    return [];
  }

  refresh(): Promise<void> {
    return Promise.resolve();
  }
}

/** In place of `TerritoryMap`: nobody's territory. */
export class NoTerritories {
  attribute(): null {
    return null;
  }
}
