/** Half an hour is short enough to be told by the second. */
export function holdWords(leftMs: number): string {
  if (leftMs <= 0) return '保留时间到了，没被别人领走就还能领';
  const seconds = Math.ceil(leftMs / 1000);
  return `为您留着，还剩 ${Math.floor(seconds / 60)} 分 ${String(seconds % 60).padStart(2, '0')} 秒`;
}
