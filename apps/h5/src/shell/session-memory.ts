/**
 * sessionStorage that never throws: private mode and full storage fall back to this page's memory.
 * It holds what must survive a reload but not a new scan.
 */
const memory = new Map<string, string>();

export function remember(key: string, value: string): void {
  memory.set(key, value);
  try {
    sessionStorage.setItem(key, value);
  } catch {
    // Storage is refused: the Map above serves until the page goes.
  }
}

export function recall(key: string): string | null {
  try {
    return sessionStorage.getItem(key) ?? memory.get(key) ?? null;
  } catch {
    return memory.get(key) ?? null;
  }
}

export function forget(key: string): void {
  memory.delete(key);
  try {
    sessionStorage.removeItem(key);
  } catch {
    // See remember.
  }
}
