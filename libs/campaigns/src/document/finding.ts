/**
 * One remark of the linter. Errors forbid publishing; warnings are shown to author and approver; an info only tells them something.
 * `path` is where in the document, `message` is plain Chinese, `source` the law, WeChat rule or house rule it rests on.
 */
export interface Finding {
  readonly path: string;
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  readonly source: string;
}

export const error = (path: string, code: string, message: string, source: string): Finding => ({
  ...{ path, code, severity: 'error', message, source },
});
export const warning = (path: string, code: string, message: string, source: string): Finding => ({
  ...{ path, code, severity: 'warning', message, source },
});
export const info = (path: string, code: string, message: string, source: string): Finding => ({
  ...{ path, code, severity: 'info', message, source },
});
