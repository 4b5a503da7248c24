/** Where this page is open. A hint for wording only: the server never trusts it. */
export type Place = 'wechat' | 'wechat_desktop' | 'wecom' | 'browser';

export function placeOf(userAgent: string, cookie: string): Place {
  if (/(?:^|;\s*)yima_demo_wechat=1(?:;|$)/.test(cookie)) return 'wechat';
  if (!/MicroMessenger/i.test(userAgent)) return 'browser';
  if (/wxwork/i.test(userAgent)) return 'wecom';
  if (/WindowsWechat|MacWechat/i.test(userAgent)) return 'wechat_desktop';
  return 'wechat';
}

export const isApplePhone = /iPhone|iPad|iPod/i.test(navigator.userAgent);

/** Read before anything rewrites the address: iOS checks signatures against the address the page was entered by. */
const enteredBy = location.href.split('#')[0] ?? '';

export function urlToSign(): string {
  return isApplePhone ? enteredBy : (location.href.split('#')[0] ?? '');
}
