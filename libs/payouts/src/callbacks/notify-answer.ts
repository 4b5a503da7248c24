/** What the HTTP edge answers WeChat, as it stands. 500 asks it to come again. */
export interface NotifyAnswer {
  readonly status: 200 | 401 | 403 | 404 | 500;
  readonly body: { readonly code: 'SUCCESS' | 'FAIL'; readonly message: string };
}

export function succeeded(message: string): NotifyAnswer {
  return { status: 200, body: { code: 'SUCCESS', message } };
}

export function failed(status: Exclude<NotifyAnswer['status'], 200>, message: string): NotifyAnswer {
  return { status, body: { code: 'FAIL', message } };
}
