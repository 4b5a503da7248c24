import { Rejected } from '@app/kernel';

const LONGEST = 512;
/** One slash, then no second slash or backslash (a browser reads `//host` and `/\host` as another site), printable ASCII only. */
const LOCAL_PATH = /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/;

/** A path on this site where a browser may be sent back to. */
export function isReturnPath(path: string): boolean {
  return path.length <= LONGEST && LOCAL_PATH.test(path);
}

export function returnPath(path: string): string {
  if (isReturnPath(path)) return path;
  throw new Rejected('bad_return', '返回地址须是本站的路径', 400);
}
