import { ask } from '../shell/api';

export interface TierBenefit {
  campaignId: number;
  campaign: string;
  rule: string;
  condition: string;
  prizes: string[];
  tiers: string[];
  mine: boolean;
  /** Not included. */
  until: string;
}

export interface MyTier {
  key: string;
  name: string;
  /** First day on which it no longer holds. */
  until: string | null;
  spendFen: number;
  month: string;
  nextReview: string;
  lines: { key: string; name: string; leastFen: number; percent: number }[];
  next: { name: string; leastFen: number; missingFen: number } | null;
  benefits: TierBenefit[];
}

export interface PastScan {
  scanId: string;
  code: string;
  at: string;
  verdict: string;
  productName: string | null;
  spec: string | null;
  city: string | null;
  reward: { awardId: string; kind: string; prizeName: string; amountFen: number | null } | null;
}

export interface PastScanPage {
  items: PastScan[];
  nextCursor: string | null;
}

export interface KeptAddress {
  prizeName: string;
  masked: string;
  consent: string;
  at: string;
  state: 'waiting' | 'packing' | 'sent';
}

export interface Privacy {
  since: string;
  nickname: string | null;
  wechat: string | null;
  counts: { scans: number; wins: number; complaints: number; photos: number };
  phone: { masked: string; since: string; consent: string | null } | null;
  addresses: KeptAddress[];
  reminders: { left: number; at: string | null };
  authorisation: { state: 'off' | 'preparing' | 'confirm' | 'on' | 'ending' | 'unavailable'; at: string | null };
  posts: { storeName: string; name: string | null; at: string }[];
}

export interface ErasureOutlook {
  losses: { what: string; words: string }[];
  blocks: { what: string; words: string }[];
  seen: string;
}

/** Every call may be repeated: taking back and forgetting twice is doing it once. */
export const memberApi = {
  tier: () => ask<MyTier>({ method: 'GET', path: '/v1/h5/me/tier' }),
  scans: (cursor: string | null) =>
    ask<PastScanPage>({
      method: 'GET',
      path: `/v1/h5/me/scans?limit=20${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    }),
  changeNickname: (nickname: string | null) =>
    ask<{ nickname: string | null }>({ method: 'PUT', path: '/v1/h5/me/nickname', body: { nickname } }),
  privacy: () => ask<Privacy>({ method: 'GET', path: '/v1/h5/me/privacy' }),
  withdrawAddresses: () => ask<Privacy>({ method: 'DELETE', path: '/v1/h5/me/addresses' }),
  withdrawReminders: () => ask<Privacy>({ method: 'DELETE', path: '/v1/h5/me/reminders' }),
  data: () => ask<Record<string, unknown>>({ method: 'GET', path: '/v1/h5/me/data.json', slow: true }),
  erasure: () => ask<ErasureOutlook>({ method: 'GET', path: '/v1/h5/me/erasure' }),
  erase: (seen: string) =>
    ask<Record<string, never>>({ method: 'POST', path: '/v1/h5/me/erasure', body: { seen }, slow: true }),
};
