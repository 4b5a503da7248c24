import { ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { whyNot } from '../api';

export interface Asked<T> {
  readonly told: ShallowRef<T | null>;
  readonly trouble: Ref<string | null>;
  /** Asks anew. What was told before stays until the answer is there, unless `fresh`; only the last question counts. */
  ask(how?: { fresh?: boolean }): Promise<void>;
}

/** One answer of the server for one panel: nothing yet (skeleton), told, or trouble, `otherwise` where the server gave no words. See asked-panel. */
export function useAsked<T>(question: () => Promise<T>, otherwise = '这一块没有加载出来'): Asked<T> {
  const told = shallowRef<T | null>(null);
  const trouble = ref<string | null>(null);
  let turn = 0;
  return {
    ...{ told, trouble },
    async ask({ fresh = false } = {}) {
      const mine = ++turn;
      if (fresh) told.value = null;
      try {
        const answer = await question();
        if (mine !== turn) return;
        told.value = answer;
        trouble.value = null;
      } catch (error) {
        if (mine === turn) trouble.value = whyNot(error, otherwise);
      }
    },
  };
}
