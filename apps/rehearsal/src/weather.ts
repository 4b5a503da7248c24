import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultOrder, Sandbox } from './sandbox';

/** Trouble at the payment gateway by its weight among a hundred. */
const TROUBLE: readonly { scope: string; kind: string; weight: number; ms?: number }[] = [
  { scope: 'transfer.create', kind: 'timeout_before_commit', weight: 12 },
  { scope: 'transfer.create', kind: 'timeout_after_commit', weight: 18 },
  { scope: 'transfer.create', kind: 'system_error', weight: 20 },
  { scope: 'transfer.create', kind: 'system_error_before_commit', weight: 10 },
  { scope: 'transfer.create', kind: 'rate_limited', weight: 15 },
  { scope: 'transfer.create', kind: 'truncated_body', weight: 15 },
  { scope: 'transfer.create', kind: 'bad_signature', weight: 10 },
  { scope: 'transfer.query', kind: 'system_error', weight: 30 },
  { scope: 'transfer.query', kind: 'timeout_after_commit', weight: 15 },
  { scope: 'transfer.query', kind: 'truncated_body', weight: 30 },
  { scope: 'transfer.query', kind: 'rate_limited', weight: 25 },
  { scope: 'transfer.confirm', kind: 'transferring', weight: 50 },
  { scope: 'notify', kind: 'duplicate_notify', weight: 40 },
  { scope: 'notify', kind: 'late_notify', weight: 30, ms: 3_000 },
  { scope: 'notify', kind: 'no_notify', weight: 20 },
  { scope: 'notify', kind: 'bad_signature', weight: 10 },
  { scope: 'oauth', kind: 'system_error_before_commit', weight: 10 },
];

const SPELL_AFTER_MS = 6_000;
const SPELL_FOR_MS = 4_000;

/** Bad weather at WeChat: a share of all requests fails in one way or the other, and once the merchant seems to be out of money. */
export class Weather {
  private over = false;
  private spell: Promise<void> = Promise.resolve();

  constructor(
    private readonly sandbox: Sandbox,
    private readonly percent: number,
  ) {}

  async begin(): Promise<void> {
    if (this.percent === 0) return;
    this.over = false;
    for (const order of orders(this.percent)) await this.sandbox.order(order);
    this.spell = this.emptyAccount();
  }

  /** Everything works again. Returns how often each trouble struck. */
  async end(): Promise<ReadonlyMap<string, number>> {
    this.over = true;
    await this.spell;
    const struck = new Map<string, number>();
    for (const { scope, kind, hits } of await this.sandbox.faults()) {
      struck.set(`${scope} ${kind}`, (struck.get(`${scope} ${kind}`) ?? 0) + hits);
    }
    await this.sandbox.clearFaults();
    return struck;
  }

  private async emptyAccount(): Promise<void> {
    await sleep(SPELL_AFTER_MS);
    if (this.over) return;
    const { id } = await this.sandbox.order({ scope: 'transfer.create', kind: 'not_enough' });
    await sleep(SPELL_FOR_MS);
    await this.sandbox.clearFaults(id);
  }
}

/** The stand-in throws its dice fault by fault, so each later one must be a little likelier to strike as often. */
export function orders(percent: number): FaultOrder[] {
  const left = new Map<string, number>();
  return TROUBLE.map(({ scope, kind, weight, ms }) => {
    const through = left.get(scope) ?? 100;
    const share = (percent * weight) / 100;
    left.set(scope, through - share);
    return { scope, kind, percent: Math.min(100, (share / through) * 100), ...(ms !== undefined && { ms }) };
  });
}
