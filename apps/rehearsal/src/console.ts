import { Browser } from './browser';

/** A page of a list of the console. */
interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** One operator at the console, through its public HTTP surface. */
export class Console {
  private readonly browser = new Browser(null, { 'x-requested-with': 'yima' });

  private constructor(private readonly home: string) {}

  /** Throws when the console refuses. */
  static async login(home: string, login: string, password: string): Promise<Console> {
    const console = new Console(home);
    await console.post('login', { login, password });
    return console;
  }

  async get<T>(path: string): Promise<T> {
    return JSON.parse(await this.text(path)) as T;
  }

  async text(path: string): Promise<string> {
    const reply = await this.browser.get(`${this.home}/v1/console/${path}`);
    return accept('GET', path, reply);
  }

  /** Null where the answer has no body. */
  async post<T>(path: string, body: unknown = {}): Promise<T> {
    const reply = await this.browser.post(`${this.home}/v1/console/${path}`, body);
    const text = accept('POST', path, reply);
    return (text === '' ? null : JSON.parse(text)) as T;
  }

  /** Every item of a list, page by page. */
  async all<T>(path: string): Promise<T[]> {
    const items: T[] = [];
    let cursor: string | null = null;
    do {
      const mark = path.includes('?') ? '&' : '?';
      const more: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page: Page<T> = await this.get(`${path}${mark}limit=100${more}`);
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return items;
  }
}

function accept(method: string, path: string, { status, text }: { status: number; text: string }): string {
  if (status >= 200 && status < 300) return text;
  throw new Error(`${method} /v1/console/${path} answered ${status}: ${text.slice(0, 600)}`);
}
