import { computed, ref, type ComputedRef, type Ref } from 'vue';
import { answer, client, type Schemas } from '../api';

type Named = Pick<Schemas['BudgetDto'], 'id' | 'name' | 'availableFen' | 'reservedFen'>;

export interface AccountNames {
  readonly budgets: Ref<readonly Named[]>;
  readonly merchants: Ref<readonly Schemas['MerchantAccountDto'][]>;
  /** `budget:7` and `merchant:19…` → name. */
  readonly names: ComputedRef<ReadonlyMap<string, string>>;
  load(): Promise<void>;
}

const PAGE = 100;
const MOST_PAGES = 10;

/** Names of budgets and merchant accounts, for lists that show ledger accounts. Without them the numbers stand there. */
export function useAccountNames(): AccountNames {
  const budgets = ref<readonly Named[]>([]);
  const merchants = ref<readonly Schemas['MerchantAccountDto'][]>([]);
  const names = computed(
    () =>
      new Map([
        ...budgets.value.map(({ id, name }) => [`budget:${id}`, name] as const),
        ...merchants.value.map(({ mchId, name }) => [`merchant:${mchId}`, name] as const),
      ]),
  );
  async function loadBudgets(): Promise<void> {
    const found: Named[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < MOST_PAGES; page++) {
      const query: { limit: number; cursor?: string } = { limit: PAGE, ...(cursor !== null && { cursor }) };
      const told: Schemas['BudgetPageDto'] = await answer(client.GET('/v1/console/budgets', { params: { query } }));
      found.push(...told.items);
      cursor = told.nextCursor;
      if (cursor === null) break;
    }
    budgets.value = found;
  }
  async function loadMerchants(): Promise<void> {
    merchants.value = (await answer(client.GET('/v1/console/merchant-accounts'))).items;
  }
  return {
    ...{ budgets, merchants, names },
    async load() {
      await Promise.allSettled([loadBudgets(), loadMerchants()]);
    },
  };
}
