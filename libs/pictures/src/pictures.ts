import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database, isDuplicate, UnitOfWork } from '@app/database';
import { checkLimit, readCursor, Rejected, writeCursor, type Page, type PageRequest } from '@app/kernel';
import { AuditLog } from '@app/staff';
import { fitPicture } from './picture-limits';
import {
  insertPicture,
  listPictures,
  madeSince,
  readPictureSizes,
  readStoredPicture,
  type ListedPicture,
  type PictureSize,
} from './pictures.repository';
import type { Picture } from './read-picture';

export interface KeptPicture extends PictureSize {
  /** SHA-256 of the bytes that are kept, 64 hex characters: the name under which everybody may see it. */
  readonly hash: string;
  readonly url: string;
}

const HASH = /^[0-9a-f]{64}$/;
const MADE_AT = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$/;
const MOST_A_DAY = 200;
/** At most 10 MB of memory; what a campaign shows is asked for by every phone of an evening. */
const MOST_HELD = 32;

/** Where phones find a picture: the address names its content, so it may be kept for ever. */
export const pictureUrl = (hash: string): string => `/pictures/${hash}`;

/** Pictures that everybody may see: heroes and logos of campaigns. Kept once by their content, never changed, never removed. */
@Injectable()
export class Pictures {
  private readonly held = new Map<string, Omit<Picture, 'size'>>();

  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly audit: AuditLog,
  ) {}

  /** The same picture again is the one that is there. Throws Rejected as `fitPicture` does, and 429 after 200 new ones within a day. */
  async keep(bytes: Buffer, by: number | null): Promise<KeptPicture> {
    const picture = fitPicture(bytes);
    const hash = createHash('sha256').update(picture.bytes).digest('hex');
    const kept = { hash, url: pictureUrl(hash), ...picture.size };
    if ((await readPictureSizes(this.database, [hash])).has(hash)) return kept;
    if ((await madeSince(this.database, 24)) >= MOST_A_DAY) {
      throw new Rejected('too_many_pictures', '今天传的图片已经很多了，请明天再传', 429);
    }
    try {
      await this.unitOfWork.run(async (tx) => {
        await insertPicture(tx, hash, picture, by);
        const { width, height } = picture.size;
        await this.audit.append(tx, {
          ...{ actorId: by, act: 'pictures.keep', object: `picture:${hash}` },
          after: { media: picture.media, width, height, bytes: picture.bytes.length },
        });
      });
    } catch (error) {
      if (!isDuplicate(error, 'PRIMARY')) throw error;
    }
    return kept;
  }

  /** All of them, newest first, without their bytes. */
  async list({ limit, cursor }: PageRequest): Promise<Page<KeptPicture>> {
    const found = await listPictures(this.database, checkLimit(limit) + 1, cursor ? positionOf(cursor) : null);
    const shown = found.slice(0, limit);
    const last = shown.at(-1);
    return {
      items: shown.map(({ hash, width, height }) => ({ hash, url: pictureUrl(hash), width, height })),
      nextCursor: found.length > limit && last ? writeCursor([last.madeAt, last.hash]) : null,
    };
  }

  /** Throws Rejected 404. */
  async one(hash: string): Promise<Omit<Picture, 'size'>> {
    const held = this.held.get(hash);
    if (held) return held;
    const found = HASH.test(hash) ? await readStoredPicture(this.database, hash) : null;
    if (!found) throw new Rejected('no_such_picture', '没有这张图片', 404);
    const oldest = this.held.size < MOST_HELD ? undefined : this.held.keys().next().value;
    if (oldest !== undefined) this.held.delete(oldest);
    this.held.set(hash, found);
    return found;
  }
}

function positionOf(cursor: string): Pick<ListedPicture, 'hash' | 'madeAt'> {
  const [madeAt, hash] = readCursor(cursor, 2).map(String);
  if (!madeAt || !hash || !MADE_AT.test(madeAt) || !HASH.test(hash)) {
    throw new Rejected('bad_cursor', '翻页标记无效，请从第一页重新开始', 400);
  }
  return { madeAt, hash };
}
