import { detailWords } from './case-words';

it('what a machine noted down is read in Chinese, and what is Chinese stays', () => {
  const noted = [
    ...['WeChat gave no clear answer in time', 'success of an offer that had failed', 'success after FAILED'],
    ...['success after REFUNDED', 'failure after SETTLED', 'authorise: PARAM_ERROR', 'PAYEE_UNDER_REVIEW'],
  ];
  for (const one of noted) {
    expect(detailWords(one)).toMatch(/^[\u4e00-\u9fff]/);
    expect(detailWords(one)).not.toMatch(/[a-z]{3,}/);
  }
  expect(detailWords('authorise: PARAM_ERROR')).toBe('免确认收款授权：微信返回的代码：PARAM_ERROR');
  expect(detailWords('商户 1900000109，2026-07-01：拿不到账单')).toBe('商户 1900000109，2026-07-01：拿不到账单');
});
