/** What a page can stand without for a moment – charts – is fetched when the page itself is there. */
const LATEST_MS = 1_000;

const still = (): Promise<void> =>
  new Promise((resolve) => {
    // Safari has no idle callbacks.
    if ('requestIdleCallback' in window) requestIdleCallback(() => resolve(), { timeout: LATEST_MS });
    else setTimeout(resolve, 100);
  });

/** A loader for `defineAsyncComponent` that waits for the first pause. */
export const whenStill =
  <T>(load: () => Promise<T>) =>
  async (): Promise<T> => {
    await still();
    return load();
  };
