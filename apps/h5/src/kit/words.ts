const SHANGHAI = 'Asia/Shanghai';

function fieldsOf(iso: string): Record<string, string> {
  const parts = new Intl.DateTimeFormat('zh-CN', {
    timeZone: SHANGHAI,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(new Date(iso));
  return Object.fromEntries(parts.map((part) => [part.type, part.value]));
}

/** Beijing time, whatever the phone's zone: 「11 月 3 日 19:42」, with the year when it is not this one. */
export function minuteWords(iso: string): string {
  const at = fieldsOf(iso);
  const now = fieldsOf(new Date().toISOString());
  const year = at['year'] === now['year'] ? '' : `${at['year']} 年 `;
  return `${year}${at['month']} 月 ${at['day']} 日 ${at['hour']}:${at['minute']}`;
}

/** A calendar day such as 2026-06-12, without a zone: 「2026 年 6 月 12 日」. */
export function dayWords(day: string): string {
  const [year, month, date] = day.slice(0, 10).split('-');
  return `${year} 年 ${Number(month)} 月 ${Number(date)} 日`;
}

/** The Beijing day of an instant, as `YYYY-MM-DD`. */
export function shanghaiDay(iso: string): string {
  const at = fieldsOf(iso);
  return `${at['year']}-${String(at['month']).padStart(2, '0')}-${String(at['day']).padStart(2, '0')}`;
}

/** Fen as yuan, always two decimals, integer arithmetic. */
export function yuan(fen: number): string {
  const whole = Math.trunc(fen / 100);
  return `${whole.toLocaleString('en-US')}.${String(fen % 100).padStart(2, '0')}`;
}

/** The last whole day before an end that is not included: 「11 月 10 日」. */
export function lastDayWords(until: string): string {
  const at = fieldsOf(new Date(Date.parse(until) - 1).toISOString());
  return `${at['month']} 月 ${at['day']} 日`;
}

/** What is left of a wait: 「还剩 23 小时 12 分」, by the second in the last ten minutes. */
export function leftWords(leftMs: number): string {
  if (leftMs <= 0) return '时间到了，可以再来一次';
  const seconds = Math.floor(leftMs / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes >= 60) return `还剩 ${Math.floor(minutes / 60)} 小时 ${minutes % 60} 分`;
  return minutes >= 10 ? `还剩 ${minutes} 分钟` : `还剩 ${minutes} 分 ${String(seconds % 60).padStart(2, '0')} 秒`;
}
