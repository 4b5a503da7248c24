import { readCursor, Rejected } from '@app/kernel';

/** Where a page of scans, newest first, ended. */
export interface ScanPosition {
  readonly at: Date;
  readonly member: number;
  readonly scanId: string;
}

/** Throws Rejected `bad_cursor` (400). */
export function positionOf(cursor: string): ScanPosition {
  const [at, member, scanId] = readCursor(cursor, 3);
  const date = new Date(String(at));
  if (Number.isNaN(date.getTime()) || typeof member !== 'number' || typeof scanId !== 'string') {
    throw new Rejected('bad_cursor', '翻页标记无效，请从第一页重新开始', 400);
  }
  return { at: date, member, scanId };
}
