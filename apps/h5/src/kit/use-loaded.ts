import { onMounted, shallowRef } from 'vue';
import { NoAnswer } from '../shell/api';
import { boot } from '../shell/boot';

export type Loaded<T> = { kind: 'asking' } | { kind: 'here'; value: T } | { kind: 'missing' } | { kind: 'trouble' };

/** One answer a page is made of, asked on entry and again on the person's tap. */
export function useLoaded<T>(ask: () => Promise<T>) {
  const loaded = shallowRef<Loaded<T>>({ kind: 'asking' });
  async function load(): Promise<void> {
    loaded.value = { kind: 'asking' };
    try {
      await boot();
      loaded.value = { kind: 'here', value: await ask() };
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      if (error.kind === 'leaving') return;
      loaded.value = { kind: error.kind === 'missing' ? 'missing' : 'trouble' };
    }
  }
  onMounted(load);
  return { loaded, load };
}
