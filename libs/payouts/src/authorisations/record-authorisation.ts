import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { databaseNow, sealedAt, Sealer, type Tx } from '@app/database';
import { counter, LOGGER, type Logger } from '@app/observability';
import { Incidents } from '../cases/incidents';
import type { Authorisation } from './authorisation';
import { authorisationStep, type AuthorisationAct, type AuthorisationMeaning } from './authorisation-step';
import { AuthorisationsRepository } from './authorisations.repository';

const recorded = counter('payout_authorisation_answers_total', 'Answers about agreements', ['act', 'meaning'] as const);

/** Writes what WeChat said of an agreement, in the caller's transaction. */
@Injectable()
export class RecordAuthorisation {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly rows: AuthorisationsRepository,
    private readonly incidents: Incidents,
    private readonly sealer: Sealer,
  ) {}

  /** `before` must be locked. `act` null: a callback, which takes the next attempt number, so that an exchange under way becomes stale. */
  async run(tx: Tx, before: Authorisation, act: AuthorisationAct | null, meaning: AuthorisationMeaning): Promise<void> {
    const { outAuthorizationNo, mchId, state, wish, checks, expiresAt, attemptNo } = before;
    const { waits } = this.config;
    const now = await databaseNow(tx);
    const step = authorisationStep({ state, wish, meaning, checks, expiresAt, now, waits });
    recorded.inc({ act: act ?? 'notify', meaning: meaning.kind });
    const blocked = `${mchId}:authorise`;
    if (step.incident) {
      const { kind, detail } = step.incident;
      const scope = kind === 'mismatch' ? outAuthorizationNo : kind === 'unlisted' ? `authorise:${detail}` : blocked;
      await this.incidents.raise(tx, { kind, payoutKey: null, billNo: null, detail: `authorise: ${detail}`, scope });
    } else if (meaning.kind === 'state' && act !== null) {
      await this.incidents.resolve(tx, 'channel_blocked', blocked);
    }
    await this.rows.change(tx, before, step.to, {
      nextInMs: step.nextInMs,
      checks: step.to === null ? checks + 1 : 0,
      lastAnswer: meaning.kind === 'state' ? meaning.state : meaning.why,
      ...(act === null ? { attemptNo: attemptNo + 1 } : {}),
      ...this.facts(outAuthorizationNo, meaning),
    });
    if (step.to !== null) this.logger.info({ outAuthorizationNo, from: state, to: step.to }, 'payout.authorisation');
  }

  private facts(outAuthorizationNo: string, meaning: AuthorisationMeaning) {
    if (meaning.kind !== 'state') return {};
    const { expiresAt, authorizationId, closeReason } = meaning;
    const sealed = meaning.package === null ? null : this.sealer.seal(meaning.package, packageAad(outAuthorizationNo));
    return {
      ...(sealed === null ? {} : { packageSealed: sealed }),
      ...(expiresAt === null ? {} : { expiresAt }),
      ...(authorizationId === null ? {} : { authorizationId }),
      ...(closeReason === null ? {} : { closeReason }),
    };
  }
}

export function packageAad(outAuthorizationNo: string): string {
  return sealedAt('payout_authorisations', 'package_sealed', outAuthorizationNo);
}
