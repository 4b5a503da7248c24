import { inject, provide, ref, shallowRef, watch, type InjectionKey, type Ref, type ShallowRef } from 'vue';
import { answer, client } from '../../api';
import type { Field } from './field-values';

export interface Option {
  readonly value: string | number | boolean;
  readonly label: string;
}

interface Loaded {
  readonly options: ShallowRef<readonly Option[]>;
  readonly loading: Ref<boolean>;
}

const MOST = { limit: 100 } as const;
const query = { params: { query: MOST } };

/** Rows that a field may name, by the registry's name of their source. A source without an entry here is written by hand. */
const SOURCES: Readonly<Record<string, () => Promise<readonly Option[]>>> = {
  products: async () =>
    (await answer(client.GET('/v1/console/products', query))).items.map(({ id, name, spec }) => ({
      ...{ value: id, label: `${name} ${spec}` },
    })),
  batches: async () =>
    (await answer(client.GET('/v1/console/code-batches', query))).items.map(({ id, name, product }) => ({
      ...{ value: id, label: `${name}（${product.name}）` },
    })),
  lots: async () =>
    (await answer(client.GET('/v1/console/lots', query))).items.map(({ lotNo, plant }) => ({
      ...{ value: lotNo, label: `${lotNo} · ${plant}` },
    })),
  distributors: async () =>
    (await answer(client.GET('/v1/console/distributors', query))).items.map(({ id, name }) => ({
      ...{ value: id, label: name },
    })),
  stores: async () =>
    (await answer(client.GET('/v1/console/stores', query))).items.map(({ id, name }) => ({
      ...{ value: id, label: name },
    })),
  tags: async () =>
    (await answer(client.GET('/v1/console/tags', query))).items.map(({ tag, members }) => ({
      ...{ value: tag, label: `${tag}（${members} 人）` },
    })),
  audiences: async () =>
    (await answer(client.GET('/v1/console/audiences', query))).items.map(({ id, name }) => ({
      ...{ value: id, label: name },
    })),
};

const loaded = new Map<string, Loaded>();

function load(source: string): Loaded {
  const known = loaded.get(source);
  if (known) return known;
  const fresh: Loaded = { options: shallowRef([]), loading: ref(true) };
  loaded.set(source, fresh);
  void (SOURCES[source]?.() ?? Promise.resolve([]))
    .then((options) => (fresh.options.value = options))
    // Asked again the next time somebody opens an editor; until then values are typed or shown by their number.
    .catch(() => loaded.delete(source))
    .finally(() => (fresh.loading.value = false));
  return fresh;
}

/** Lists that were loaded may have grown: asked for anew by whatever opens next. */
export function forgetOptions(): void {
  loaded.clear();
}

/** Sources that only the page around an editor knows, such as the arms of the experiment that is being edited. */
export type LocalOptions = Readonly<Record<string, readonly Option[]>>;
const LOCAL: InjectionKey<Ref<LocalOptions>> = Symbol('local options');

export function provideOptions(local: Ref<LocalOptions>): void {
  provide(LOCAL, local);
}

/** What may be chosen for a field, following it when it changes. */
export function useOptions(field: () => Field): { options: Readonly<Ref<readonly Option[]>>; loading: Ref<boolean> } {
  const local = inject(LOCAL, ref({}) as Ref<LocalOptions>);
  const options = shallowRef<readonly Option[]>([]);
  const loading = ref(false);
  watch(
    [field, () => local.value],
    (_now, _before, onCleanup) => {
      const { options: fixed, optionsFrom } = field();
      const own = optionsFrom ? local.value[optionsFrom] : undefined;
      if (fixed?.length || own || !optionsFrom) {
        options.value = fixed ?? own ?? [];
        loading.value = false;
        return;
      }
      const rows = load(optionsFrom);
      const stop = watch(
        [rows.options, rows.loading],
        ([now, busy]) => {
          options.value = now;
          loading.value = busy;
        },
        { immediate: true },
      );
      onCleanup(stop);
    },
    { immediate: true },
  );
  return { options, loading };
}
