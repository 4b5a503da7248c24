interface Slot {
  readonly owner: Record<string, unknown>;
  readonly key: string;
  readonly value: unknown;
}

type Collection = Map<unknown, unknown> | Set<unknown> | unknown[];

interface Content {
  readonly collection: Collection;
  readonly entries: readonly unknown[];
}

/**
 * What the objects of one process remember: rates, caches, lines of waiting work. Noted when the process is fresh; `restore` makes it
 * fresh again, which is what a restart does, without building anything anew.
 */
export class InstanceState {
  private readonly slots: Slot[] = [];
  private readonly contents: Content[] = [];
  private readonly seen: Set<unknown>;

  /** `shared` are objects that do not belong to the process and are left alone. */
  constructor(instances: readonly object[], shared: readonly object[]) {
    this.seen = new Set<unknown>(shared);
    const own = instances.filter((instance) => !this.seen.has(instance));
    for (const instance of own) this.seen.add(instance);
    for (const instance of own) this.noteFields(instance as Record<string, unknown>);
  }

  restore(): void {
    for (const { owner, key, value } of this.slots) if (owner[key] !== value) owner[key] = value;
    for (const { collection, entries } of this.contents) refill(collection, entries);
  }

  private noteFields(owner: Record<string, unknown>): void {
    for (const key of Object.keys(owner)) {
      const property = Object.getOwnPropertyDescriptor(owner, key)!;
      // What was injected stays for good.
      if (!property.writable || typeof owner[key] === 'function' || this.seen.has(owner[key])) continue;
      this.slots.push({ owner, key, value: owner[key] });
      this.noteValue(owner[key]);
    }
  }

  private noteValue(value: unknown): void {
    if (typeof value !== 'object' || value === null || this.seen.has(value)) return;
    this.seen.add(value);
    if (value instanceof Map || value instanceof Set || Array.isArray(value)) {
      const entries = [...(value as Iterable<unknown>)];
      this.contents.push({ collection: value as Collection, entries });
      return;
    }
    if (isOurs(value)) this.noteFields(value as Record<string, unknown>);
  }
}

/** Plain objects and instances of classes written in JavaScript that belong to the application; no buffers, keys, signals, promises. */
function isOurs(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === null || prototype === Object.prototype) return true;
  return !FOREIGN.some((kind) => value instanceof kind);
}

const FOREIGN: readonly (abstract new (...args: never[]) => object)[] = [
  Promise,
  Date,
  RegExp,
  Error,
  ArrayBuffer,
  Uint8Array,
  AbortController,
  AbortSignal,
  EventTarget,
  WeakMap,
  WeakSet,
];

function refill(collection: Collection, entries: readonly unknown[]): void {
  if (Array.isArray(collection)) {
    if (collection.length === 0 && entries.length === 0) return;
    collection.length = 0;
    for (const entry of entries) collection.push(entry);
    return;
  }
  if (collection.size === 0 && entries.length === 0) return;
  collection.clear();
  if (collection instanceof Set) for (const entry of entries) collection.add(entry);
  else for (const [key, value] of entries as readonly [unknown, unknown][]) collection.set(key, value);
}
