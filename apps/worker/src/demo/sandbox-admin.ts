/** What the demo needs of the stand-in WeChat's operator. */
export interface SandboxUser {
  readonly id: string;
  readonly nickname: string;
  readonly city: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly ip: string;
}

const TIMEOUT_MS = 15_000;

/** The stand-in WeChat's admin port. */
export class SandboxAdmin {
  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  /** Adds people (adding the same ones again changes nothing) and returns their openids in order. */
  async addUsers(users: readonly SandboxUser[]): Promise<string[]> {
    const reply = await this.post<{ users: { openid: string }[] }>('/users:bulk', { users });
    return reply.users.map(({ openid }) => openid);
  }

  /** As if the person tapped 确认收款. */
  async confirm(outBillNo: string): Promise<void> {
    await this.post(`/transfers/${outBillNo}/confirm`, {});
  }

  private async post<T>(path: string, body: unknown): Promise<T> {
    const response = await fetch(this.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-sandbox-token': this.token },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`sandbox ${path}: ${response.status} ${text.slice(0, 200)}`);
    return JSON.parse(text) as T;
  }
}
