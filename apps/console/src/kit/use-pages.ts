import { ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { whyNot } from '../api';

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

export interface Pages<T> {
  readonly items: ShallowRef<readonly T[]>;
  /** Before the first answer: show a skeleton, not an empty list. */
  readonly loading: Ref<boolean>;
  readonly more: Ref<boolean>;
  readonly trouble: Ref<string | null>;
  readonly hasNext: Ref<boolean>;
  /** From the first page on; what is on its way is forgotten. */
  reload(): Promise<void>;
  next(): Promise<void>;
}

/** A list that the server pages: `ask` gets the cursor of the next page, null for the first. */
export function usePages<T>(ask: (cursor: string | null) => Promise<Page<T>>): Pages<T> {
  const items = shallowRef<readonly T[]>([]);
  const loading = ref(true);
  const more = ref(false);
  const trouble = ref<string | null>(null);
  const cursor = ref<string | null>(null);
  const hasNext = ref(false);
  let turn = 0;

  async function load(from: string | null): Promise<void> {
    const mine = ++turn;
    trouble.value = null;
    try {
      const page = await ask(from);
      if (mine !== turn) return;
      items.value = from === null ? page.items : [...items.value, ...page.items];
      cursor.value = page.nextCursor;
      hasNext.value = page.nextCursor !== null;
    } catch (error) {
      if (mine === turn) trouble.value = whyNot(error, '这一页没有加载出来');
    }
  }

  return {
    ...{ items, loading, more, trouble, hasNext },
    async reload() {
      loading.value = true;
      await load(null);
      loading.value = false;
    },
    async next() {
      if (!hasNext.value || more.value) return;
      more.value = true;
      await load(cursor.value);
      more.value = false;
    },
  };
}
