import { shallowRef, watch, type ShallowRef } from 'vue';
import { pointOf } from '../kit/map-files';
import type { Live } from './use-live';

const SHOWN_MS = 6_000;
const MOST = 24;

/** Points of scans that came in while somebody looks, each for a few seconds. What was there before the page opened makes no ring. */
export function usePulses(live: ShallowRef<Live | null>): ShallowRef<readonly (readonly [number, number])[]> {
  const points = shallowRef<readonly (readonly [number, number])[]>([]);
  let last: string | null = null;

  async function add(adcodes: readonly number[]): Promise<void> {
    const found = (await Promise.all(adcodes.map(pointOf))).filter((point) => point !== null);
    if (found.length === 0) return;
    points.value = [...points.value, ...found].slice(-MOST);
    setTimeout(() => (points.value = points.value.filter((point) => !found.includes(point))), SHOWN_MS);
  }

  watch(live, (told) => {
    if (!told) return;
    const since = last;
    last = told.latest[0]?.at ?? last ?? told.at;
    if (since === null) return;
    const fresh = told.latest.filter(({ at, adcode }) => at > since && adcode !== null);
    if (fresh.length > 0) void add([...new Set(fresh.map(({ adcode }) => adcode!))]);
  });
  return points;
}
