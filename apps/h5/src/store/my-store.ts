import { recall, remember } from '../shell/session-memory';
import { storeApi, type StorePost } from './store-api';

const CHOSEN = 'yima.store.chosen';

/** Where this person is a clerk, and the one that was chosen last. */
export async function myStores(): Promise<{ posts: StorePost[]; active: StorePost[]; chosen: StorePost | null }> {
  const { items: posts } = await storeApi.posts();
  const active = posts.filter(({ state }) => state === 'active');
  const last = Number(recall(CHOSEN));
  return { posts, active, chosen: active.find(({ storeId }) => storeId === last) ?? active[0] ?? null };
}

export function chooseStore({ storeId }: StorePost): void {
  remember(CHOSEN, String(storeId));
}
