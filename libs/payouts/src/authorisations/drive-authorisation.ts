import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { Database, databaseNow, UnitOfWork, type Tx } from '@app/database';
import { HandlesJob, RunsEvery, type JobHandler } from '@app/jobs';
import { LOGGER, type Logger } from '@app/observability';
import { RateGate } from '../channels/rate-gate';
import { AuthorisationRequests } from './authorisation-requests';
import { nextAct, type AuthorisationAct } from './authorisation-step';
import { AuthorisationWire, type FrozenAuthorisation } from './authorisation-wire';
import { AuthorisationsRepository } from './authorisations.repository';
import { AdvanceAuthorisation } from './jobs';
import { RecordAuthorisation } from './record-authorisation';

interface Talk {
  readonly act: AuthorisationAct;
  readonly outAuthorizationNo: string;
  readonly attemptNo: number;
  readonly request: FrozenAuthorisation;
}

/** Close, then look whether it is closed. */
const MAX_TALKS = 3;

/**
 * Takes one agreement a step further: commits what it is about to say, says it with no transaction open, records the answer under the
 * attempt number it took.
 */
@Injectable()
export class DriveAuthorisation {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly unitOfWork: UnitOfWork,
    private readonly rows: AuthorisationsRepository,
    private readonly wire: AuthorisationWire,
    private readonly record: RecordAuthorisation,
    private readonly requests: AuthorisationRequests,
    private readonly rates: RateGate,
  ) {}

  /** Does nothing for one that is unknown, over, not due, or driven by somebody else. */
  async run(outAuthorizationNo: string): Promise<void> {
    let said: AuthorisationAct | null = null;
    for (let count = 0; count < MAX_TALKS; count++) {
      const talk = await this.unitOfWork.run((tx) => this.begin(tx, outAuthorizationNo, said === 'close'));
      if (talk === null) return;
      const { mchId } = talk.request;
      await this.rates.pass('transfer_authorized_v3', mchId, 'agree');
      const meaning = await this.wire.talk(talk.act, talk.request);
      if (meaning.kind === 'later') {
        this.rates.heed('transfer_authorized_v3', mchId, 'agree', {
          kind: 'retry_same_id',
          why: meaning.why,
          when: 'soon',
        });
      }
      await this.unitOfWork.run(async (tx) => {
        const row = await this.rows.find(tx, outAuthorizationNo, true);
        // A callback or another worker was faster: what they wrote stands.
        if (row?.attemptNo === talk.attemptNo) await this.record.run(tx, row, talk.act, meaning);
      });
      if (talk.act !== 'close' && meaning.kind !== 'state') return;
      said = talk.act;
    }
  }

  private async begin(tx: Tx, outAuthorizationNo: string, justClosed: boolean): Promise<Talk | null> {
    const row = await this.rows.find(tx, outAuthorizationNo, true);
    if (!row || row.state === 'CLOSED') return null;
    // After a close the next look does not wait for its time.
    if (!justClosed && (row.nextAt === null || row.nextAt > (await databaseNow(tx)))) return null;
    const attemptNo = row.attemptNo + 1;
    await this.rows.change(tx, row, null, { attemptNo, nextInMs: this.config.waits.payoutLeaseMs });
    const request = this.requests.open(row);
    return { act: nextAct(row.state, row.wish, justClosed), outAuthorizationNo, attemptNo, request };
  }
}

@HandlesJob(AdvanceAuthorisation)
@Injectable()
export class AdvanceAuthorisationHandler implements JobHandler<{ outAuthorizationNo: string }> {
  constructor(private readonly drive: DriveAuthorisation) {}

  handle({ outAuthorizationNo }: { outAuthorizationNo: string }): Promise<void> {
    return this.drive.run(outAuthorizationNo);
  }
}

const BATCH = 100;
const MAX_BATCHES = 20;

/** Looks in MySQL for agreements that nobody drives: lost jobs, lost callbacks, expiry. One at a time: there are few. */
@Injectable()
export class ReconcileAuthorisations implements OnModuleDestroy {
  private stopping = false;

  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly database: Database,
    private readonly rows: AuthorisationsRepository,
    private readonly drive: DriveAuthorisation,
  ) {}

  onModuleDestroy(): void {
    this.stopping = true;
  }

  @RunsEvery('payouts.authorisations', (waits) => waits.reconcileEveryMs)
  async run(): Promise<void> {
    for (let batch = 0; batch < MAX_BATCHES && !this.stopping; batch++) {
      const due = await this.rows.due(this.database, BATCH);
      for (const outAuthorizationNo of due) {
        if (this.stopping) return;
        try {
          await this.drive.run(outAuthorizationNo);
        } catch (error) {
          this.logger.warn({ err: error, outAuthorizationNo }, 'payout.authorisation_failed');
        }
      }
      if (due.length < BATCH) return;
    }
  }
}
