import { join } from 'node:path';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type FrameLocator,
  type Locator,
  type Page,
  type Request,
} from 'playwright-core';

const IN_WECHAT =
  'Mozilla/5.0 (Linux; Android 14; 23127PN0CC) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36 MicroMessenger/8.0.50 NetType/WIFI Language/zh_CN';
const ELSEWHERE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1';

export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'],
  });
}

/** One scan request of the page and what came back; `body` is null when the phone never heard it. */
export interface SentScan {
  readonly scanId: string;
  readonly status: number | null;
  readonly body: string | null;
}

/** One person's phone: an iPhone-sized window, inside WeChat or not, that remembers what it sent and what went wrong. */
export class Phone {
  private readonly scans: Promise<SentScan>[] = [];
  /** Paths of every request to our own server. */
  readonly asked: string[] = [];
  readonly faults: string[] = [];

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    private readonly home: string,
  ) {
    this.listen();
  }

  /** `user` is one of the stand-in WeChat's people; without one the page is opened outside WeChat. */
  static async take(browser: Browser, home: string, wechat: { open: string; user: string } | null): Promise<Phone> {
    const context = await browser.newContext({
      viewport: { width: 375, height: 812 },
      deviceScaleFactor: 2,
      isMobile: true,
      hasTouch: true,
      locale: 'zh-CN',
      userAgent: wechat === null ? ELSEWHERE : IN_WECHAT,
    });
    const page = await context.newPage();
    if (wechat !== null) await page.goto(`${wechat.open}/me?sandbox_user=${wechat.user}`);
    return new Phone(context, page, home);
  }

  open(path: string): Promise<unknown> {
    return this.page.goto(this.home + path);
  }

  get verdict(): Locator {
    return this.page.locator('h1');
  }

  get envelope(): Locator {
    return this.page.locator('button.envelope');
  }

  get money(): Locator {
    return this.page.locator('.money');
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name });
  }

  /** WeChat's own dialog above the page. */
  get wechatDialog(): FrameLocator {
    return this.page.frameLocator('#wechat-sandbox-confirm');
  }

  /** Every scan this phone asked for so far, in order, once the last of them is over. */
  heard(): Promise<SentScan[]> {
    return Promise.all(this.scans);
  }

  /** Keeps what is on the screen as `H5_PICTURES/<name>.png`, when that folder is named. */
  async picture(name: string): Promise<void> {
    const folder = process.env['H5_PICTURES'];
    if (!folder) return;
    await this.page.waitForTimeout(1_800); // What moves has come to rest.
    await this.page.screenshot({ path: join(folder, `${name}.png`) });
  }

  async away(): Promise<void> {
    await this.context.close();
  }

  private listen(): void {
    this.page.on('pageerror', (error) => this.faults.push(error.message));
    this.page.on('console', (message) => {
      const text = message.text();
      if (message.type() === 'error' && !text.startsWith('Failed to load resource')) this.faults.push(text);
    });
    this.page.on('request', (request) => {
      const url = new URL(request.url());
      if (url.origin === this.home) this.asked.push(url.pathname);
    });
    this.page.on('request', (request) => {
      if (request.url().endsWith('/v1/h5/scans')) this.scans.push(outcomeOf(request));
    });
  }
}

async function outcomeOf(request: Request): Promise<SentScan> {
  const { scanId } = JSON.parse(request.postData() ?? '{}') as { scanId?: string };
  // Waits until the request is over; null when it failed on the way.
  const response = await request.response().catch(() => null);
  const body = (await response?.text().catch(() => null)) ?? null;
  return { scanId: String(scanId), status: response?.status() ?? null, body };
}
