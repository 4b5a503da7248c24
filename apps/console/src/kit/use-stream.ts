import { onMounted, onUnmounted, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { answer, client } from '../api';

export interface StreamLine<T> {
  /** What the server told last; null before the first word. */
  readonly told: ShallowRef<T | null>;
  /** When the server last said that this is still so. */
  readonly at: Ref<string | null>;
  /** Nothing was heard for a while: what is shown may be old. */
  readonly late: Ref<boolean>;
}

/** The server says something every two or three seconds. */
const LATE_MS = 10_000;
const AGAIN_MS = 5_000;

/**
 * Figures as the server sends them: `figures`, `beat` when nothing changed, `end`. The browser comes back by itself when the line breaks;
 * it stays closed while nobody looks at the page, and for good when the session has ended. `address` null: there is nothing to hear yet.
 */
export function useStream<T extends { readonly at: string }>(address: () => string | null): StreamLine<T> {
  const told: ShallowRef<T | null> = shallowRef(null);
  const at = ref<string | null>(null);
  const late = ref(false);
  let source: EventSource | null = null;
  let heard = 0;
  let timer: ReturnType<typeof setInterval> | undefined;

  function hear(moment: string): void {
    heard = performance.now();
    at.value = moment;
    late.value = false;
  }

  function close(): void {
    source?.close();
    source = null;
  }

  function open(): void {
    const path = address();
    if (source || path === null || document.hidden) return;
    source = new EventSource(path);
    source.addEventListener('figures', ({ data }: MessageEvent<string>) => {
      told.value = JSON.parse(data) as T;
      hear(told.value.at);
    });
    source.addEventListener('beat', ({ data }: MessageEvent<string>) => hear((JSON.parse(data) as { at: string }).at));
    source.addEventListener('end', ({ data }: MessageEvent<string>) => {
      // A node that goes away is followed by another; whoever was signed out is told by the next question.
      if ((JSON.parse(data) as { why: string }).why === 'session') void ended();
    });
    source.addEventListener('error', () => {
      // The browser gives up when the answer is a refusal; why, a plain question tells.
      if (source?.readyState === EventSource.CLOSED) void ended();
    });
  }

  async function ended(): Promise<void> {
    close();
    await answer(client.GET('/v1/console/me')).catch(() => undefined);
  }

  const look = (): void => (document.hidden ? close() : open());

  onMounted(() => {
    heard = performance.now();
    document.addEventListener('visibilitychange', look);
    open();
    timer = setInterval(() => {
      late.value = address() !== null && !document.hidden && performance.now() - heard > LATE_MS;
      if (late.value) open();
    }, AGAIN_MS);
  });
  watch(address, () => {
    close();
    heard = performance.now();
    open();
  });
  onUnmounted(() => {
    document.removeEventListener('visibilitychange', look);
    clearInterval(timer);
    close();
  });
  return { told, at, late };
}
