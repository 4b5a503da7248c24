import { Inject, Injectable } from '@nestjs/common';
import { UnitOfWork } from '@app/database';
import { counter, LOGGER, type Logger } from '@app/observability';
import { NotifyVerifier, type NotifyHeaders } from '@app/wechat';
import { ApplyTransferNews, finishedSchema, type Finished } from './apply-transfer-news';
import { failed, succeeded, type NotifyAnswer } from './notify-answer';

const FINISHED = 'MCHTRANSFER.BILL.FINISHED';
const answers = counter('wechat_notify_total', 'Callbacks by answer', ['answer'] as const);

/** A transfer has ended, says somebody who claims to be WeChat. */
@Injectable()
export class HandleTransferNotify {
  /** News that is being worked on, by what it says: the same news at the same time shares one transaction. */
  private readonly running = new Map<string, Promise<NotifyAnswer>>();

  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly verifier: NotifyVerifier,
    private readonly unitOfWork: UnitOfWork,
    private readonly news: ApplyTransferNews,
  ) {}

  /**
   * `rawBody` as it came over the wire. Idempotent; anything that is not proven genuine, ours and equal to our bill changes
   * nothing. 500 asks WeChat to come again.
   */
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
    if (verdict.eventType !== FINISHED) return succeeded('ignored');
    const finished = finishedSchema.safeParse(verdict.resource);
    if (!finished.success) return failed(403, 'malformed');
    return this.once(finished.data, verdict.mchId);
  }

  /** A thousand repeats at once would each queue for the same row and for a connection. */
  private once(finished: Finished, mchId: string): Promise<NotifyAnswer> {
    const key = JSON.stringify([mchId, finished]);
    let answer = this.running.get(key);
    if (!answer) {
      answer = this.unitOfWork.run((tx) => this.news.run(tx, finished, mchId)).finally(() => this.running.delete(key));
      this.running.set(key, answer);
    }
    return answer;
  }
}
