const clock = new Intl.DateTimeFormat('zh-CN', {
  timeZone: 'Asia/Shanghai',
  ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false },
});

/** 19:42:05, Beijing time. */
export function clockWords(iso: string): string {
  return clock.format(new Date(iso));
}
