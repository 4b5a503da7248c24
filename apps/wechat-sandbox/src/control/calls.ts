/** One request somebody made, for people who look at what happened. Secrets are taken out before it gets here. */
export interface Call {
  at: string;
  server: string;
  method: string;
  path: string;
  status: number;
  ms: number;
  fault?: string;
  note?: Record<string, unknown>;
}

const KEPT = 1_000;
const SECRET_PARAMETERS = ['secret', 'access_token', 'refresh_token', 'code', 'package', 'state'];

/** The last thousand calls. */
export class CallBook {
  private readonly ring: Call[] = [];

  add(call: Call): void {
    this.ring.push(call);
    if (this.ring.length > KEPT) this.ring.shift();
  }

  /** Newest first. */
  latest(limit: number): Call[] {
    return this.ring.slice(-limit).reverse();
  }
}

/** The path and query of a request without the values nobody may read later. */
export function publicPath(url: string): string {
  const [path = '', query] = url.split('?', 2);
  if (query === undefined) return path;
  const parameters = new URLSearchParams(query);
  for (const name of SECRET_PARAMETERS) if (parameters.has(name)) parameters.set(name, '***');
  return `${path}?${parameters.toString()}`;
}
