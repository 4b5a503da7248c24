import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { UnitOfWork, type Tx } from '@app/database';
import { counter, LOGGER, type Logger } from '@app/observability';
import { NotifyVerifier, type NotifyHeaders } from '@app/wechat';
import type { Authorisation } from '../authorisations/authorisation';
import { AuthorisationRequests } from '../authorisations/authorisation-requests';
import { stateOf } from '../authorisations/authorisation-wire';
import { AuthorisationsRepository } from '../authorisations/authorisations.repository';
import { RecordAuthorisation } from '../authorisations/record-authorisation';
import { Incidents } from '../cases/incidents';
import { failed, succeeded, type NotifyAnswer } from './notify-answer';

/** The state that each piece of news is about; the document's own word for it must agree. */
const NEWS: Readonly<Record<string, 'TAKING_EFFECT' | 'CLOSED'>> = {
  'MCHTRANSFER.AUTHORIZATION.CONFIRMED': 'TAKING_EFFECT',
  'MCHTRANSFER.AUTHORIZATION.CLOSED': 'CLOSED',
};
const answers = counter('wechat_authorisation_notify_total', 'Callbacks about agreements by answer', [
  'answer',
] as const);

const newsSchema = z.looseObject({
  out_authorization_no: z.string().max(32),
  mch_id: z.string().optional(),
  mchid: z.string().optional(),
  state: z.string().max(32).optional(),
});
type NewsOfAgreement = z.infer<typeof newsSchema>;

/** A person agreed to be paid silently, or an agreement ended, says somebody who claims to be WeChat. */
@Injectable()
export class HandleAuthorisationNotify {
  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly verifier: NotifyVerifier,
    private readonly unitOfWork: UnitOfWork,
    private readonly rows: AuthorisationsRepository,
    private readonly requests: AuthorisationRequests,
    private readonly record: RecordAuthorisation,
    private readonly incidents: Incidents,
  ) {}

  /** As for transfers: idempotent, in any order; what is not proven genuine, ours and equal to our request changes nothing. */
  async run(headers: NotifyHeaders, rawBody: Buffer): Promise<NotifyAnswer> {
    const answer = await this.answer(headers, rawBody);
    answers.inc({ answer: answer.body.message });
    return answer;
  }

  private async answer(headers: NotifyHeaders, rawBody: Buffer): Promise<NotifyAnswer> {
    const verdict = this.verifier.verifyNotify(headers, rawBody);
    if (verdict.kind === 'refused') {
      if (verdict.reason !== 'probe') this.logger.warn({ reason: verdict.reason }, 'wechat.notify.refused');
      return failed(401, verdict.reason);
    }
    const state = Object.hasOwn(NEWS, verdict.eventType) ? NEWS[verdict.eventType] : undefined;
    if (!state) return succeeded('ignored');
    const news = newsSchema.safeParse(verdict.resource);
    if (!news.success || (news.data.state !== undefined && news.data.state !== state)) return failed(403, 'malformed');
    return this.unitOfWork.run((tx) => this.apply(tx, { ...news.data, state }, verdict.mchId));
  }

  private async apply(tx: Tx, news: NewsOfAgreement, mchId: string): Promise<NotifyAnswer> {
    const row = await this.rows.find(tx, news.out_authorization_no, true);
    if (!row) return failed(404, 'unknown_authorisation');
    const meaning = this.meaningOf(row, news, mchId);
    if (meaning.kind === 'mismatch') {
      const detail = `callback about an agreement with ${meaning.why}`;
      const scope = row.outAuthorizationNo;
      await this.incidents.raise(tx, { kind: 'mismatch', payoutKey: null, billNo: null, detail, scope });
      return failed(403, 'mismatch');
    }
    if (meaning.kind !== 'state') return failed(403, 'malformed');
    if (row.state === meaning.state) return succeeded('duplicate');
    // CONFIRMED that arrives after CLOSED is old news.
    if (row.state === 'CLOSED') return succeeded('late');
    await this.record.run(tx, row, null, meaning);
    return succeeded(meaning.state === 'CLOSED' ? 'closed' : 'confirmed');
  }

  private meaningOf(row: Authorisation, news: NewsOfAgreement, mchId: string): ReturnType<typeof stateOf> {
    const named = news.mch_id ?? news.mchid;
    if (row.mchId !== mchId || (named !== undefined && named !== row.mchId)) {
      return { kind: 'mismatch', why: 'another_merchant' };
    }
    return stateOf(news, this.requests.open(row).body);
  }
}
