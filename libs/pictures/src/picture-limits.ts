import { Rejected } from '@app/kernel';
import { readPicture, type Picture } from './read-picture';

export const MOST_PICTURE_BYTES = 300 * 1024;
/** Pixels of a side. A phone is at most 480 CSS pixels wide here, three device pixels each. */
export const PICTURE_SIDES = { least: 32, most: 2048 } as const;

export type SizedPicture = Picture & { readonly size: NonNullable<Picture['size']> };

/** A picture fit for every phone. Throws Rejected: 413 too many bytes; 422 no picture (`bad_picture`), too small or large (`picture_sides`). */
export function fitPicture(bytes: Buffer): SizedPicture {
  if (bytes.length > MOST_PICTURE_BYTES) {
    throw new Rejected('picture_too_large', '图片太大了，请压缩到 300 KB 以内', 413);
  }
  const picture = readPicture(bytes);
  if (!picture?.size) {
    throw new Rejected('bad_picture', '这不是能识别的图片，请选 JPEG、PNG 或 WebP', 422);
  }
  const { width, height } = picture.size;
  const { least, most } = PICTURE_SIDES;
  if (Math.min(width, height) < least || Math.max(width, height) > most) {
    const message = `图片每边要在 ${least} 到 ${most} 像素之间，这张是 ${width}×${height}`;
    throw new Rejected('picture_sides', message, 422);
  }
  return { ...picture, size: picture.size };
}
