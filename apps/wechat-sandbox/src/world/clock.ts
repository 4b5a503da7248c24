const BEIJING_OFFSET_MS = 8 * 3_600_000;

/** The Beijing calendar day of an instant, `YYYY-MM-DD`; it begins at 00:00 Asia/Shanghai. */
export function businessDay(epochMs: number): string {
  return new Date(epochMs + BEIJING_OFFSET_MS).toISOString().slice(0, 10);
}

/** `yyyy-MM-dd HH:mm:ss`, Beijing: the form of the v2 replies. */
export function beijingTime(epochMs: number): string {
  return new Date(epochMs + BEIJING_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ');
}

/** RFC 3339 with the Beijing offset: the form of the v3 replies. */
export function rfc3339(epochMs: number): string {
  return `${new Date(epochMs + BEIJING_OFFSET_MS).toISOString().slice(0, 19)}+08:00`;
}
