const clock = new Intl.DateTimeFormat('zh-CN', {
  timeZone: 'Asia/Shanghai',
  ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false },
});

/** 19:42:05, Beijing time. */
export function clockWords(iso: string): string {
  return clock.format(new Date(iso));
}

/** How fresh a page is that listens. */
export function liveWords(at: string, late: boolean): string {
  return late ? `和服务器的连接断了，正在重连；数字停在 ${clockWords(at)}` : `实时，${clockWords(at)} 更新`;
}
