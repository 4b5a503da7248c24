/** Where this page is open. A hint for wording only: the server never trusts it. */
export type Place = 'wechat' | 'wechat_desktop' | 'wecom' | 'browser';

export function placeOf(userAgent: string, cookie: string): Place {
  if (/(?:^|;\s*)yima_demo_wechat=1(?:;|$)/.test(cookie)) return 'wechat';
  if (!/MicroMessenger/i.test(userAgent)) return 'browser';
  if (/wxwork/i.test(userAgent)) return 'wecom';
  if (/WindowsWechat|MacWechat/i.test(userAgent)) return 'wechat_desktop';
  return 'wechat';
}

const isApplePhone = /iPhone|iPad|iPod/i.test(navigator.userAgent);

/** Read before anything rewrites the address. */
const enteredBy = location.href.split('#')[0] ?? '';

/** Addresses WeChat may check the signature against, likeliest first: iOS the one the page was entered by, Android the one shown now. */
export function urlsToSign(): string[] {
  const shown = location.href.split('#')[0] ?? '';
  if (shown === enteredBy) return [shown];
  return isApplePhone ? [enteredBy, shown] : [shown, enteredBy];
}
