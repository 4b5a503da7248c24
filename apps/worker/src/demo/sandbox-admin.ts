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

  /** Whether it has ever been asked to pay. */
  async hasBills(): Promise<boolean> {
    return (await this.ask<{ bills: unknown[] }>('GET', '/ledger/bills?limit=1')).bills.length > 0;
  }

  /** Sets its pretended time back; only before it has made a bill. */
  async rewind(seconds: number): Promise<void> {
    await this.post('/clock/rewind', { seconds });
  }

  /** Money for the merchant's account, at the pretended time. */
  async topUp(mchId: string, amountFen: number): Promise<void> {
    await this.post(`/merchants/${mchId}/balance`, { amountFen });
  }

  async advance(seconds: number): Promise<void> {
    await this.post('/clock/advance', { seconds });
  }

  /** The next new transfers are answered with a code that nobody has heard of, without being made. */
  async answerStrangely(code: string, next: number): Promise<void> {
    await this.post('/faults', { scope: 'transfer.create', kind: 'unknown_code_before_commit', code, next });
  }

  /** The bill file of that Beijing day tells another amount of a bill than was paid. */
  async misstate(bill: { mchId: string; day: string; outBillNo: string; amountFen: number }): Promise<void> {
    const { mchId, day, outBillNo, amountFen } = bill;
    await this.post(`/bills/${mchId}/${day}`, { falsify: [{ kind: 'amount', outBillNo, amountFen }] });
  }

  private post<T>(path: string, body: unknown): Promise<T> {
    return this.ask<T>('POST', path, body);
  }

  private async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(this.url + path, {
      method,
      headers: { 'x-sandbox-token': this.token, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`sandbox ${path}: ${response.status} ${text.slice(0, 200)}`);
    return JSON.parse(text) as T;
  }
}
