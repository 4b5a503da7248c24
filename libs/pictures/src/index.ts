export { MOST_PICTURE_BYTES, PICTURE_SIDES } from './picture-limits';
export { Pictures, pictureUrl, type KeptPicture } from './pictures';
export { PicturesModule } from './pictures.module';
export { readPictureSizes, type PictureSize } from './pictures.repository';
export { readPicture, type Picture } from './read-picture';
