import { Rejected } from '@app/kernel';
import { readPicture, type Picture } from '@app/pictures';

export const MOST_PHOTO_BYTES = 2 * 1024 * 1024;

/** A picture as it is kept: recognised by its bytes, without where and by whom it was taken. */
export type Photo = Omit<Picture, 'size'>;

/** Throws Rejected 422 for anything that is no whole JPEG, PNG or WebP, 413 for too many bytes. */
export function readPhoto(bytes: Buffer): Photo {
  if (bytes.length > MOST_PHOTO_BYTES) throw new Rejected('photo_too_large', '照片太大了，请选 2 MB 以内的', 413);
  const picture = readPicture(bytes);
  if (!picture) throw new Rejected('bad_photo', '这不是能识别的照片，请选 JPEG、PNG 或 WebP', 422);
  return { media: picture.media, bytes: picture.bytes };
}
