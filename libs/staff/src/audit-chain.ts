import { createHash } from 'node:crypto';

/** Bytes in front of the first entry. */
export const CHAIN_START = Buffer.alloc(32);

/** A stored entry without its hash. `details` is the JSON text exactly as stored. */
export interface ChainEntry {
  readonly id: number;
  readonly at: Date;
  readonly actorId: number | null;
  readonly act: string;
  readonly object: string;
  readonly details: string;
}

/** SHA-256 over the previous entry's hash and this entry's fields: nothing can be changed, removed or moved unseen. */
export function chainHash(previous: Buffer, { id, at, actorId, act, object, details }: ChainEntry): Buffer {
  const content = JSON.stringify([id, at.toISOString(), actorId, act, object, details]);
  return createHash('sha256').update(previous).update(content, 'utf8').digest();
}
