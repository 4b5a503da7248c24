import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { UnitOfWork, type Tx } from '@app/database';
import { RunsEvery } from '@app/jobs';
import { systemClock } from '@app/kernel';
import { gauge } from '@app/observability';
import { keyDates, type KeyDate } from '@app/wechat';
import { Incidents } from '../cases/incidents';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** People are told once at each of these, and when it is over. */
const TELL_AT_DAYS = [30, 7, 1, 0] as const;

const daysLeft = gauge('wechat_certificate_days', 'Days until the first of the certificates ends');

/** The nearest of the thresholds that a certificate has passed; null while it has longer than the first. */
export function warningOf(until: Date, now: Date): (typeof TELL_AT_DAYS)[number] | null {
  const days = (until.getTime() - now.getTime()) / DAY_MS;
  return [...TELL_AT_DAYS].reverse().find((limit) => days <= limit) ?? null;
}

/** Tells people before a certificate ends. Sending stops by itself when it has (the channel is blocked), and goes on with a new one. */
@Injectable()
export class CertificateWatch {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly unitOfWork: UnitOfWork,
    private readonly incidents: Incidents,
  ) {}

  @RunsEvery('payouts.certificates', () => HOUR_MS)
  async run(now: Date = systemClock.now()): Promise<void> {
    const dated = keyDates(this.config).filter((key): key is KeyDate & { until: Date } => key.until !== null);
    if (dated.length === 0) return;
    const first = Math.min(...dated.map(({ until }) => until.getTime()));
    daysLeft.set((first - now.getTime()) / DAY_MS);
    await this.unitOfWork.run(async (tx) => {
      for (const key of dated) await this.look(tx, key, now);
    });
  }

  private async look(tx: Tx, { owner, id, until }: KeyDate & { until: Date }, now: Date): Promise<void> {
    const warning = warningOf(until, now);
    const scopeOf = (days: number): string => `${owner}:${id}:${days}`;
    for (const days of TELL_AT_DAYS) {
      if (days !== warning) await this.incidents.resolve(tx, 'certificate', scopeOf(days));
    }
    if (warning === null) return;
    const detail = `the ${owner} certificate of ${id} ends at ${until.toISOString()}`;
    await this.incidents.raise(tx, {
      ...{ kind: 'certificate', payoutKey: null, billNo: null, detail, scope: scopeOf(warning) },
    });
  }
}
