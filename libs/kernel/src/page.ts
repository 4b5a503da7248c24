import { Rejected } from './errors';

export const MAX_PAGE = 100;

/** A page of a list; `nextCursor` is null on the last one. */
export interface Page<T> {
  readonly items: T[];
  readonly nextCursor: string | null;
}

export interface PageRequest {
  /** 1 to 100. */
  readonly limit: number;
  /** What the previous page gave as `nextCursor`. */
  readonly cursor?: string | null;
}

/** The position a cursor names, as its JSON parts. Throws Rejected for one that we did not make. */
export function readCursor(cursor: string, parts: number): (string | number | null)[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(value) && value.length === parts && value.every(isPart)) return value;
  } catch {
    // Not JSON: told below.
  }
  throw new Rejected('bad_cursor', '翻页标记无效，请从第一页重新开始', 400);
}

export function writeCursor(parts: readonly (string | number | null)[]): string {
  return Buffer.from(JSON.stringify(parts), 'utf8').toString('base64url');
}

export function checkLimit(limit: number): number {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE) {
    throw new Rejected('bad_limit', `每页条数须为 1 到 ${MAX_PAGE}`, 400);
  }
  return limit;
}

function isPart(value: unknown): value is string | number | null {
  return value === null || typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value));
}
