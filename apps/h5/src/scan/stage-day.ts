/** A calendar day such as 2026-06-12, without a zone: 「6 月 12 日」, with the year when it is not this one. */
export function stageDay(day: string, now: Date = new Date()): string {
  const [year, month, date] = day.split('-').map(Number);
  const short = `${month} 月 ${date} 日`;
  return year === now.getFullYear() ? short : `${year} 年 ${short}`;
}
