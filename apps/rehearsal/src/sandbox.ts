import type { Places } from './options';

/** A fake WeChat user, as the stand-in knows it. */
export interface FakeUser {
  readonly id: string;
  readonly nickname: string;
  readonly city: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly ip: string;
  readonly snapshot?: boolean;
}

/** A bill in the stand-in's own book. */
export interface SandboxBill {
  readonly channel: string;
  readonly outBillNo: string;
  readonly userId: string;
  readonly amountFen: number;
  readonly state: string;
  readonly failReason: string | null;
  readonly acceptedCount: number;
  readonly creditedFen: number;
  readonly lockedFen: number;
}

export interface SandboxLedger {
  readonly merchantBalanceFen: number;
  readonly lockedFen: number;
  readonly creditedFen: number;
  readonly refundedFen: number;
  readonly acceptedBills: number;
  readonly successBills: number;
  readonly failedBills: number;
  readonly openBills: number;
  readonly doubleCredits: number;
  readonly balanced: boolean;
  readonly problems: readonly string[];
}

export interface FaultOrder {
  readonly scope: string;
  readonly kind: string;
  readonly percent?: number;
  readonly ms?: number;
}

export interface Fault extends FaultOrder {
  readonly id: string;
  readonly hits: number;
}

/** The operator's side of the stand-in for WeChat. */
export class Sandbox {
  constructor(private readonly places: Pick<Places, 'sandboxAdmin' | 'sandboxToken'>) {}

  async users(): Promise<readonly FakeUser[]> {
    return (await this.ask<{ users: FakeUser[] }>('GET', '/users')).users;
  }

  async addUsers(users: readonly FakeUser[]): Promise<void> {
    await this.ask('POST', '/users:bulk', { users });
  }

  order(fault: FaultOrder): Promise<Fault> {
    return this.ask('POST', '/faults', fault);
  }

  async faults(): Promise<readonly Fault[]> {
    return (await this.ask<{ faults: Fault[] }>('GET', '/faults')).faults;
  }

  /** One fault, or all of them. */
  async clearFaults(id?: string): Promise<void> {
    await this.ask('DELETE', id === undefined ? '/faults' : `/faults/${id}`);
  }

  async advance(seconds: number): Promise<void> {
    await this.ask('POST', '/clock/advance', { seconds });
  }

  ledger(): Promise<SandboxLedger> {
    return this.ask('GET', '/ledger/summary');
  }

  async bills(): Promise<SandboxBill[]> {
    const all: SandboxBill[] = [];
    let after: number | null = 0;
    while (after !== null) {
      const page: { bills: SandboxBill[]; next: number | null } = await this.ask(
        'GET',
        `/ledger/bills?after=${after}&limit=5000`,
      );
      all.push(...page.bills);
      after = page.next;
    }
    return all;
  }

  private async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.places.sandboxAdmin}${path}`, {
      method,
      signal: AbortSignal.timeout(60_000),
      headers: {
        'x-sandbox-token': this.places.sandboxToken,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`sandbox ${method} ${path} answered ${response.status}: ${text.slice(0, 300)}`);
    return JSON.parse(text) as T;
  }
}
