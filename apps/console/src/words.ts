/** Numbers, money and times as the console writes them: yuan with thousands, Beijing time. */

const whole = new Intl.NumberFormat('zh-CN');
const money = new Intl.NumberFormat('zh-CN', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const clock = new Intl.DateTimeFormat('zh-CN', {
  timeZone: 'Asia/Shanghai',
  ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hour12: false },
});

export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? '—' : whole.format(value);
}

/** Fen as yuan: 123456 → 1,234.56. */
export function yuan(fen: number | null | undefined): string {
  return fen === null || fen === undefined ? '—' : money.format(fen / 100);
}

/** 0.1234 → 12.3%. */
export function share(part: number, all: number): string {
  return all === 0 ? '—' : `${((100 * part) / all).toFixed(1)}%`;
}

/** 2026-11-22 12:01, Beijing time. */
export function time(iso: string | null | undefined): string {
  if (!iso) return '—';
  const parts = Object.fromEntries(clock.formatToParts(new Date(iso)).map(({ type, value }) => [type, value]));
  return `${parts['year']}-${parts['month']}-${parts['day']} ${parts['hour']}:${parts['minute']}`;
}

/** Growth against what was before, with its sign; null where there was nothing to compare with. */
export function growth(now: number, before: number): string | null {
  if (before === 0) return null;
  const change = (100 * (now - before)) / before;
  return `${change >= 0 ? '+' : '−'}${Math.abs(change).toFixed(1)}%`;
}
