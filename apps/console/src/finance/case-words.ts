/** What machines note down of a case, as people read it; what is Chinese already stays as it is. */
const SENTENCES: readonly (readonly [RegExp, (...found: string[]) => string])[] = [
  [/^WeChat gave no clear answer in time$/, () => '微信迟迟没有给出明确结果'],
  [/^success of an offer that had failed$/, () => '已判为失败的一次发放，微信后来说成功了'],
  [/^success after (?:FAILED|REFUNDED)$/, () => '我们记为没有付成，微信后来说成功了'],
  [/^failure after SETTLED$/, () => '我们记为已到账，微信后来说失败了'],
  [/^authorise: (.+)$/, (what) => `免确认收款授权：${detailWords(what ?? '')}`],
  [/^([A-Z][A-Z0-9_]+)$/, (code) => `微信返回的代码：${code}`],
];

export function detailWords(detail: string): string {
  for (const [pattern, words] of SENTENCES) {
    const found = pattern.exec(detail);
    if (found) return words(...found.slice(1));
  }
  return detail;
}
