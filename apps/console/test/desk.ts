import { chromium, type Browser, type BrowserContext, type Locator, type Page, type Response } from 'playwright-core';

export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'],
  });
}

/** A request of the console that did not end well: `POST /v1/console/login 401`, or the path and why nothing came back. */
export type Refused = string;

/** One person at one desk: a 1440 × 900 window of the console that remembers what went wrong in it. */
export class Desk {
  /** Errors of the page's own scripts and of the browser's console; a test expects none. */
  readonly faults: string[] = [];
  /** Answers of 400 and above and requests that never came back. What a story means to be refused is taken out by `expectRefused`. */
  readonly refused: Refused[] = [];

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    private readonly home: string,
  ) {
    this.listen();
  }

  /** `home` is the system's own address; the console lives below `/console`. Nobody is signed in yet. */
  static async take(browser: Browser, home: string): Promise<Desk> {
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      locale: 'zh-CN',
      timezoneId: 'Asia/Shanghai',
    });
    return new Desk(context, await context.newPage(), home);
  }

  /** A desk with somebody at it, on the page that they see first. */
  static async of(browser: Browser, home: string, who: { login: string; password: string }): Promise<Desk> {
    const desk = await Desk.take(browser, home);
    await desk.signIn(who);
    return desk;
  }

  async signIn({ login, password }: { login: string; password: string }): Promise<void> {
    await this.open('sign-in');
    await this.page.locator('input[name=login]').fill(login);
    await this.page.locator('input[name=password]').fill(password);
    await this.page.locator('button[type=submit]').click();
    await this.page.waitForURL((url) => !url.pathname.endsWith('/sign-in'));
  }

  /** A page of the console by its path below `/console/`, such as `campaigns/3`; '' is the first one. */
  open(path: string): Promise<unknown> {
    return this.page.goto(`${this.home}/console/${path}`);
  }

  /** Path and query below `/console/`. */
  get here(): string {
    const { pathname, search } = new URL(this.page.url());
    return pathname.replace(/^\/console\/?/, '') + search;
  }

  get heading(): Locator {
    return this.page.locator('h1').first();
  }

  /** Titles of the menu, in their order. */
  menu(): Promise<string[]> {
    return this.page.locator('nav[aria-label=主菜单] a').allTextContents();
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name });
  }

  field(label: string | RegExp): Locator {
    return this.page.getByLabel(label);
  }

  /** The row of a table that holds this text. */
  row(text: string | RegExp): Locator {
    return this.page.locator('.el-table__row').filter({ hasText: text });
  }

  /** What is open above the page: a dialog or a drawer. */
  get above(): Locator {
    return this.page.locator('.el-dialog:visible, .el-drawer:visible, .el-message-box:visible').last();
  }

  /** Picks an option of a select: opens it by its label and takes the option with this text. */
  async pick(label: string | RegExp, option: string | RegExp): Promise<void> {
    const select = this.field(label).and(this.page.getByRole('combobox'));
    await this.opener(select).click();
    // Its own list by its id: another one may still be on its way out.
    const list = await select.getAttribute('aria-controls');
    await this.page.locator(`[id="${list}"] .el-select-dropdown__item`).filter({ hasText: option }).click();
  }

  /** Where a select is clicked: what is chosen lies above its own input. */
  opener(select: Locator): Locator {
    return select.locator('xpath=ancestor-or-self::*[contains(@class, "el-select__wrapper")][1]');
  }

  /** Does something and waits for the answer of one route; resolves with that answer. `path` is a part of the address. */
  async asking(path: string | RegExp, does: () => Promise<unknown>): Promise<Response> {
    const fits = (response: Response): boolean => {
      const { pathname } = new URL(response.url());
      return typeof path === 'string' ? pathname.includes(path) : path.test(pathname);
    };
    const [response] = await Promise.all([this.page.waitForResponse(fits), does()]);
    return response;
  }

  /** Takes an expected refusal out of `refused`; false when there was none. */
  expectRefused(part: string | RegExp): boolean {
    const at = this.refused.findIndex((one) => (typeof part === 'string' ? one.includes(part) : part.test(one)));
    if (at >= 0) this.refused.splice(at, 1);
    return at >= 0;
  }

  async leave(): Promise<void> {
    await this.context.close();
  }

  private listen(): void {
    this.page.on('pageerror', (error) => this.faults.push(error.message));
    this.page.on('console', (message) => {
      const text = message.text();
      // A refused request is in `refused`, with its path.
      if (message.type() === 'error' && !text.startsWith('Failed to load resource')) this.faults.push(text);
    });
    this.page.on('response', (response) => {
      if (response.status() < 400) return;
      const path = new URL(response.url()).pathname;
      // Everybody who is not signed in yet asks who they are.
      if (response.status() === 401 && path === '/v1/console/me') return;
      this.refused.push(`${response.request().method()} ${path} ${response.status()}`);
    });
    this.page.on('requestfailed', (request) => {
      const why = request.failure()?.errorText ?? 'failed';
      // Given up by the page itself: somebody went on before the answer came, or a live stream was closed.
      if (why === 'net::ERR_ABORTED') return;
      this.refused.push(`${request.method()} ${new URL(request.url()).pathname} ${why}`);
    });
  }
}
