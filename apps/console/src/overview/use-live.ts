import type { Ref, ShallowRef } from 'vue';
import type { Schemas } from '../api';
import { useStream } from '../kit/use-stream';

export type Live = Schemas['LiveDto'];

export interface LiveLine {
  /** Today as the server told it last; null before the first word. */
  readonly live: ShallowRef<Live | null>;
  /** When the server last said that this is still so. */
  readonly at: Ref<string | null>;
  /** Nothing was heard for a while: what is shown may be old. */
  readonly late: Ref<boolean>;
}

/** Today as it happens. */
export function useLive(): LiveLine {
  const { told: live, at, late } = useStream<Live>(() => '/v1/console/live');
  return { live, at, late };
}
