import { placeholders, textOf, type Reader, type Tx } from '@app/database';
import type { SizedPicture } from './picture-limits';
import type { Picture } from './read-picture';

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Hashes are 64 lower-case hex characters outside the database. Rows are written once and never changed. */
export async function insertPicture(tx: Tx, hash: string, picture: SizedPicture, by: number | null): Promise<void> {
  const { media, size, bytes } = picture;
  await tx.execute(
    'INSERT INTO pictures (hash, media, width, height, bytes, made_by, made_at) VALUES (?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6))',
    [Buffer.from(hash, 'hex'), media, size.width, size.height, bytes, by],
  );
}

/** Which of these pictures there are, with their sizes in pixels. */
export async function readPictureSizes(
  reader: Reader,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, PictureSize>> {
  if (hashes.length === 0) return new Map();
  const rows = await reader.query<{ hash: Buffer; width: number; height: number }>(
    `SELECT hash, width, height FROM pictures WHERE hash IN (${placeholders(hashes)})`,
    hashes.map((hash) => Buffer.from(hash, 'hex')),
  );
  return new Map(rows.map(({ hash, width, height }) => [hash.toString('hex'), { width, height }]));
}

export interface ListedPicture extends PictureSize {
  readonly hash: string;
  /** UTC, to the microsecond: `YYYY-MM-DD HH:MM:SS.ffffff`. */
  readonly madeAt: string;
}

/** Newest first, without their bytes; `before` is the last one of the page before. Walks the index by time. */
export async function listPictures(
  reader: Reader,
  limit: number,
  before: Pick<ListedPicture, 'hash' | 'madeAt'> | null,
): Promise<ListedPicture[]> {
  const older = before === null ? '' : 'WHERE made_at < ? OR (made_at = ? AND hash < ?)';
  const rows = await reader.query<{ hash: Buffer; width: number; height: number; madeAt: string }>(
    `SELECT hash, width, height, DATE_FORMAT(made_at, '%Y-%m-%d %H:%i:%s.%f') AS madeAt
       FROM pictures FORCE INDEX (ix_pictures_made) ${older} ORDER BY made_at DESC, hash DESC LIMIT ?`,
    [...(before === null ? [] : [before.madeAt, before.madeAt, Buffer.from(before.hash, 'hex')]), limit],
  );
  return rows.map(({ hash, ...picture }) => ({ ...picture, hash: hash.toString('hex') }));
}

export async function madeSince(reader: Reader, hours: number): Promise<number> {
  const [row] = await reader.query<{ n: string }>(
    'SELECT COUNT(*) AS n FROM pictures WHERE made_at > UTC_TIMESTAMP(6) - INTERVAL ? HOUR',
    [hours],
  );
  return Number(row?.n ?? 0);
}

export async function readStoredPicture(reader: Reader, hash: string): Promise<Omit<Picture, 'size'> | null> {
  const [row] = await reader.query<{ media: Buffer; bytes: Buffer }>(
    'SELECT media, bytes FROM pictures WHERE hash = ?',
    [Buffer.from(hash, 'hex')],
  );
  return row ? { media: textOf(row.media) as Picture['media'], bytes: row.bytes } : null;
}
