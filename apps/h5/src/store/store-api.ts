import { ask } from '../shell/api';

export interface StorePost {
  storeId: number;
  storeName: string;
  state: 'waiting' | 'active' | 'refused' | 'removed';
  name: string | null;
  reason: string | null;
}

export interface StoreBinding {
  store: { storeId: number; name: string; region: string; address: string };
  post: StorePost | null;
  consent: { version: string; text: string };
}

/** `refusal` null = may be redeemed here and now. */
export interface PrizeAtStore {
  prizeName: string;
  productName: string;
  coPayFen: number;
  wonAt: string;
  validUntil: string;
  refusal: { code: string; message: string } | null;
}

export interface Redemption {
  prizeName: string;
  productName: string;
  coPayFen: number;
  redeemedAt: string;
}

export interface StoreDay {
  day: string;
  units: number;
  coPayFen: number;
  items: Redemption[];
  nextCursor: string | null;
}

export interface StoreSettlement {
  month: string;
  closed: boolean;
  lines: {
    productName: string;
    openingUnits: number;
    redeemedUnits: number;
    coPayFen: number;
    settledUnits: number;
    owedUnits: number;
  }[];
}

export interface NearbyStore {
  storeId: number;
  name: string;
  region: string;
  address: string;
  distanceM: number | null;
}

const STORE = '/v1/h5/store';

export const storeApi = {
  posts: () => ask<{ items: StorePost[] }>({ method: 'GET', path: `${STORE}/posts` }),
  binding: (token: string) =>
    ask<StoreBinding>({ method: 'GET', path: `${STORE}/bindings/${encodeURIComponent(token)}` }),
  bind: (token: string, name: string) =>
    ask<StoreBinding>({ method: 'POST', path: `${STORE}/bindings`, body: { token, name, consent: true } }),
  look: (storeId: number, token: string) =>
    ask<PrizeAtStore>({ method: 'POST', path: `${STORE}/${storeId}/prizes`, body: { token } }),
  /** Repeated with the same requestId it gets the same answer, so a weak network hands nothing over twice. */
  redeem: (storeId: number, token: string, requestId: string) =>
    ask<Redemption>({ method: 'POST', path: `${STORE}/${storeId}/redemptions`, body: { token, requestId } }),
  day: (storeId: number, cursor: string | null) =>
    ask<StoreDay>({
      method: 'GET',
      path: `${STORE}/${storeId}/redemptions?limit=20${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    }),
  settlement: (storeId: number, month: string) =>
    ask<StoreSettlement>({ method: 'GET', path: `${STORE}/${storeId}/settlement?month=${month}` }),
  nearby: (question: Readonly<Record<string, string | number | undefined>>) => {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(question)) if (value !== undefined) query.set(name, String(value));
    return ask<{ items: NearbyStore[]; nextCursor: string | null }>({ method: 'GET', path: `/v1/h5/stores?${query}` });
  },
};
