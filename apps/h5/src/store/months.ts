const OFFSET_MS = 8 * 3_600_000;

/** `2026-11`: the Beijing month of an instant. */
export function monthOf(at: Date): string {
  return new Date(at.getTime() + OFFSET_MS).toISOString().slice(0, 7);
}

export function nextMonth(month: string, steps: number): string {
  const [year, number] = month.split('-').map(Number);
  return new Date(Date.UTC(year ?? 0, (number ?? 1) - 1 + steps, 1)).toISOString().slice(0, 7);
}

/** `2026 年 11 月` */
export function monthWords(month: string): string {
  const [year, number] = month.split('-');
  return `${year} 年 ${Number(number)} 月`;
}
