import { api, NoAnswer } from './api';
import { boot } from './boot';
import { urlsToSign } from './phone';
import type { ScanLocation, TransferConfirm } from './wire';

interface WxLocation {
  latitude: number | string;
  longitude: number | string;
  accuracy?: number | string;
}

interface Wx {
  config(options: {
    debug: boolean;
    appId: string;
    timestamp: number;
    nonceStr: string;
    signature: string;
    jsApiList: string[];
    openTagList: string[];
  }): void;
  ready(then: () => void): void;
  error(then: (reason: { errMsg?: string }) => void): void;
  getLocation(options: {
    type: 'gcj02';
    success: (place: WxLocation) => void;
    fail: (reason: { errMsg?: string }) => void;
    cancel: () => void;
  }): void;
  scanQRCode(options: {
    needResult: 1;
    scanType: ('qrCode' | 'barCode')[];
    success: (answer: { resultStr?: string }) => void;
    fail: (reason: { errMsg?: string }) => void;
    cancel: () => void;
  }): void;
  checkJsApi(options: {
    jsApiList: string[];
    success: (answer: { checkResult?: Record<string, boolean> }) => void;
    fail: () => void;
  }): void;
  hideMenuItems(options: { menuList: string[] }): void;
}

interface Bridge {
  invoke(name: string, options: object, then: (reply: { err_msg?: string }) => void): void;
}

declare global {
  interface Window {
    wx?: Wx;
    WeixinJSBridge?: Bridge;
  }
}

const JS_APIS = ['checkJsApi', 'getLocation', 'requestMerchantTransfer', 'hideMenuItems', 'scanQRCode'];
const OPEN_TAGS = ['wx-open-subscribe'];
const SCRIPT_WAIT_MS = 6000;
const CONFIG_WAIT_MS = 6000;
/** Long enough for a person to read the system's question. */
const LOCATION_WAIT_MS = 30_000;
/** Sharing this page would hand the code to strangers, so the menu does not offer it. */
const SHARING = ['menuItem:share:appMessage', 'menuItem:share:timeline', 'menuItem:copyUrl', 'menuItem:share:qq'];

let script: Promise<void> | null = null;
let configured: { key: string; done: Promise<void> } | null = null;

/** WeChat's script, once. A failed load may be tried again. */
export function loadWechatScript(): Promise<void> {
  script ??= boot()
    .then(({ wechatJsUrl }) => addScript(wechatJsUrl))
    .catch((error: unknown) => {
      script = null;
      throw error;
    });
  return script;
}

function addScript(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const tag = document.createElement('script');
    const timer = setTimeout(() => reject(new Error('wechat script: no answer')), SCRIPT_WAIT_MS);
    tag.src = url;
    tag.referrerPolicy = 'no-referrer';
    tag.onload = () => {
      clearTimeout(timer);
      resolve();
    };
    tag.onerror = () => {
      clearTimeout(timer);
      tag.remove();
      reject(new Error('wechat script: not loaded'));
    };
    document.head.append(tag);
  });
}

/** wx.config for this page's address; done again only when the address changed or the last one failed. */
export async function configureWechat(): Promise<void> {
  await loadWechatScript();
  const urls = urlsToSign();
  const key = urls.join(' ');
  if (configured?.key !== key) configured = { key, done: configureOneOf(urls) };
  const { done } = configured;
  try {
    await done;
  } catch (error) {
    configured = null;
    throw error;
  }
}

async function configureOneOf([first = '', second]: string[]): Promise<void> {
  try {
    await configure(first);
  } catch (error) {
    if (second === undefined || error instanceof NoAnswer) throw error;
    await configure(second);
  }
}

async function configure(url: string): Promise<void> {
  const signed = await api.jsConfig(url);
  const { wx } = window;
  if (wx === undefined) throw new Error('wechat script: wx is missing');
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('wx.config: no answer')), CONFIG_WAIT_MS);
    const settle = (then: () => void) => () => {
      clearTimeout(timer);
      then();
    };
    // WeChat calls ready after error too, so whichever comes first decides.
    wx.error((reason) => settle(() => reject(new Error(reason.errMsg ?? 'wx.config failed')))());
    wx.ready(settle(resolve));
    wx.config({ debug: false, ...signed, jsApiList: JS_APIS, openTagList: OPEN_TAGS });
  });
  wx.hideMenuItems({ menuList: SHARING });
}

export type LocationAnswer = { kind: 'here'; location: ScanLocation } | { kind: 'refused' } | { kind: 'unavailable' };

/** Asks the phone where it is; the person may refuse, the phone may not know. Never throws. */
export async function askLocation(): Promise<LocationAnswer> {
  try {
    await configureWechat();
  } catch {
    return { kind: 'unavailable' };
  }
  return new Promise((resolve) => {
    setTimeout(() => resolve({ kind: 'unavailable' }), LOCATION_WAIT_MS);
    window.wx?.getLocation({
      type: 'gcj02',
      success: (place) =>
        resolve({
          kind: 'here',
          location: {
            latitude: Number(place.latitude),
            longitude: Number(place.longitude),
            accuracy: Number(place.accuracy ?? 0),
            datum: 'gcj02',
          },
        }),
      cancel: () => resolve({ kind: 'refused' }),
      fail: (reason) => resolve({ kind: /den(y|ied)|auth/i.test(reason.errMsg ?? '') ? 'refused' : 'unavailable' }),
    });
  });
}

export type QrAnswer = { kind: 'text'; text: string } | { kind: 'cancelled' } | { kind: 'unavailable' };

/** Opens WeChat's scanner for one QR. Never throws. */
export async function scanQr(): Promise<QrAnswer> {
  try {
    await configureWechat();
  } catch {
    return { kind: 'unavailable' };
  }
  return new Promise((resolve) => {
    if (window.wx === undefined) return resolve({ kind: 'unavailable' });
    window.wx.scanQRCode({
      needResult: 1,
      scanType: ['qrCode'],
      success: ({ resultStr: text = '' }) => resolve(text === '' ? { kind: 'unavailable' } : { kind: 'text', text }),
      cancel: () => resolve({ kind: 'cancelled' }),
      fail: () => resolve({ kind: 'unavailable' }),
    });
  });
}

/** `closed` says only that WeChat's page was shown and is gone: whether money moved is the server's to say. */
export type HandOver = 'closed' | 'cancelled' | 'unavailable';

/** Opens WeChat's 确认收款 page for one bill. */
export async function confirmInWechat(confirm: TransferConfirm): Promise<HandOver> {
  try {
    await configureWechat();
  } catch {
    return 'unavailable';
  }
  if (!(await knowsTransfer())) return 'unavailable';
  const bridge = await bridgeReady();
  if (bridge === null) return 'unavailable';
  return new Promise((resolve) => {
    bridge.invoke('requestMerchantTransfer', confirm, ({ err_msg: message = '' }) => {
      if (message.endsWith(':ok')) resolve('closed');
      else resolve(message.includes('cancel') ? 'cancelled' : 'unavailable');
    });
  });
}

/** Only a clear no counts: an old WeChat says false, a silent one is tried anyway. */
function knowsTransfer(): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(true), 1500);
    const answer = (known: boolean) => {
      clearTimeout(timer);
      resolve(known);
    };
    window.wx?.checkJsApi({
      jsApiList: ['requestMerchantTransfer'],
      success: ({ checkResult }) => answer(checkResult?.['requestMerchantTransfer'] !== false),
      fail: () => answer(true),
    });
  });
}

function bridgeReady(): Promise<Bridge | null> {
  if (window.WeixinJSBridge !== undefined) return Promise.resolve(window.WeixinJSBridge);
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), 3000);
    document.addEventListener(
      'WeixinJSBridgeReady',
      () => {
        clearTimeout(timer);
        resolve(window.WeixinJSBridge ?? null);
      },
      { once: true },
    );
  });
}
