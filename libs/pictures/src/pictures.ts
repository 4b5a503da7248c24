import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database, isDuplicate, UnitOfWork } from '@app/database';
import { Rejected } from '@app/kernel';
import { AuditLog } from '@app/staff';
import { fitPicture } from './picture-limits';
import { insertPicture, madeSince, readPictureSizes, readStoredPicture, type PictureSize } from './pictures.repository';
import type { Picture } from './read-picture';

export interface KeptPicture extends PictureSize {
  /** SHA-256 of the bytes that are kept, 64 hex characters: the name under which everybody may see it. */
  readonly hash: string;
  readonly url: string;
}

const HASH = /^[0-9a-f]{64}$/;
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
