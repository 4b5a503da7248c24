import { setTimeout as sleep } from 'node:timers/promises';

const TIMEOUT_MS = 20_000;
const MOST_TRIES = 40;
const MOST_HOPS = 8;
/** What is worth asking again: the server is busy, restarting, or wants us to be slower. */
const RETRIED = new Set([429, 502, 503, 504]);

export interface Reply {
  readonly status: number;
  readonly text: string;
  readonly location: string | null;
  /** How often it had to be asked. */
  readonly tries: number;
}

/** Cookies, one address, redirects by hand: as much of a browser as a shopper needs. Ports of one host share cookies, as in life. */
export class Browser {
  private readonly jar = new Map<string, Map<string, string>>();

  /** `ip`: the address the phone's network gives it, which travels in X-Forwarded-For. */
  constructor(
    private readonly ip: string | null,
    private readonly headers: Readonly<Record<string, string>> = {},
  ) {}

  setCookie(host: string, name: string, value: string): void {
    const cookies = this.jar.get(host) ?? new Map<string, string>();
    cookies.set(name, value);
    this.jar.set(host, cookies);
  }

  cookie(host: string, name: string): string | null {
    return this.jar.get(host)?.get(name) ?? null;
  }

  get(url: string): Promise<Reply> {
    return this.ask('GET', url, undefined);
  }

  post(url: string, body: unknown): Promise<Reply> {
    return this.ask('POST', url, JSON.stringify(body));
  }

  /** Follows redirects until something else is answered. Throws when they do not end. */
  async follow(url: string): Promise<{ url: string; reply: Reply }> {
    let at = url;
    for (let hop = 0; hop < MOST_HOPS; hop++) {
      const reply = await this.get(at);
      if (reply.location === null) return { url: at, reply };
      at = new URL(reply.location, at).toString();
    }
    throw new Error(`redirects without end from ${new URL(url).pathname}`);
  }

  /** Asks until there is an answer that is not „later“. The same body each time: a scan keeps its scanId. */
  private async ask(method: string, url: string, body: string | undefined): Promise<Reply> {
    let last = '';
    for (let tries = 1; tries <= MOST_TRIES; tries++) {
      try {
        const reply = await this.once(method, url, body, tries);
        if (!RETRIED.has(reply.status)) return reply;
        last = `${reply.status} ${reply.text.slice(0, 200)}`;
      } catch (error) {
        last = error instanceof Error ? `${error.message} ${causeOf(error)}` : String(error);
      }
      await sleep(Math.min(100 * tries, 2_000));
    }
    throw new Error(`${method} ${new URL(url).pathname} was not answered: ${last}`);
  }

  private async once(method: string, url: string, body: string | undefined, tries: number): Promise<Reply> {
    const { hostname } = new URL(url);
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        ...this.headers,
        ...(this.ip !== null && { 'x-forwarded-for': this.ip }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        cookie: [...(this.jar.get(hostname) ?? [])].map(([name, value]) => `${name}=${value}`).join('; '),
      },
      ...(body !== undefined && { body }),
    });
    for (const line of response.headers.getSetCookie()) this.keep(hostname, line);
    const text = await response.text();
    const redirected = response.status >= 300 && response.status < 400;
    return { status: response.status, text, location: redirected ? response.headers.get('location') : null, tries };
  }

  private keep(hostname: string, line: string): void {
    const [pair = '', ...attributes] = line.split(';');
    const at = pair.indexOf('=');
    const [name, value] = [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    const gone = attributes.some((attribute) => /^\s*max-age=0\s*$/i.test(attribute));
    if (gone) this.jar.get(hostname)?.delete(name);
    else this.setCookie(hostname, name, value);
  }
}

function causeOf(error: Error): string {
  return error.cause instanceof Error ? `(${error.cause.message})` : '';
}
