import type { CompiledVersion } from '../decision';

/** What a draft meets when it is published, gathered in one read: everything the linter needs that is not in the document. */
export interface Surroundings {
  readonly productIds: ReadonlySet<number>;
  /** `layers[].purpose`: only consumer-prize layers (`prize`) pay consumers. */
  readonly batches: ReadonlyMap<number, SurroundingBatch>;
  /** null = there is no such budget. Fen. */
  readonly budget: { readonly id: number; readonly grantedFen: number; readonly leftFen: number } | null;
  /** Issued codes on consumer-prize layers in the draft's scope. */
  readonly codesInScope: number;
  /** 扫码率: the assumed share of codes that get scanned, 0 … 1. */
  readonly scanRate: number;
  /** Active stores that redeem a product. */
  readonly storesByProduct: ReadonlyMap<number, number>;
  /** Coupons left in each pool. */
  readonly couponPools: ReadonlyMap<number, number>;
  readonly audienceIds: ReadonlySet<number>;
  readonly storesTotal: number;
  /** Pictures that the draft names and that are there, by hash; pixels. */
  readonly pictures: ReadonlyMap<string, { readonly width: number; readonly height: number }>;
  /** Versions of other campaigns that are in force or armed. */
  readonly others: readonly CompiledVersion[];
}
export interface SurroundingBatch {
  readonly productId: number;
  readonly quantity: number;
  readonly layers: readonly { readonly layer: number; readonly purpose: string }[];
}
