import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { CONFIG, type Config } from '@app/config';
import { Database, UnitOfWork } from '@app/database';
import { HandlesJob, RunsEvery, type Delivery, type JobHandler } from '@app/jobs';
import { Transient } from '@app/kernel';
import { counter, LOGGER, type Logger } from '@app/observability';
import { MemberIdentitiesRepository } from '../member-identities.repository';
import { PHONE_CODE, PhoneChallengesRepository } from './phone-challenges.repository';
import { PhoneCodes } from './phone-codes';
import type { PhoneNumber } from './phone-number';
import { challengePlace } from './request-phone-code';
import { SendPhoneCode } from './send-phone-code.job';
import { SmsSender } from './sms-sender';

const sent = counter('sms_sent_total', 'Text messages handed to the gateway, by its verdict', ['verdict'] as const);

const PURGE_EVERY_MS = 600_000;
const PURGE_AT_ONCE = 5000;

@HandlesJob(SendPhoneCode)
@Injectable()
export class SendPhoneCodeHandler implements JobHandler<z.infer<typeof SendPhoneCode.payload>> {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly log: Logger,
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly identities: MemberIdentitiesRepository,
    private readonly challenges: PhoneChallengesRepository,
    private readonly codes: PhoneCodes,
    private readonly sender: SmsSender,
  ) {}

  /** A code that was replaced, used, sent or is over is not sent any more. The gateway knows a repeated message by its id. */
  async handle(payload: { nonce: string }, delivery: Delivery): Promise<void> {
    const nonce = Buffer.from(payload.nonce, 'hex');
    const challenge = await this.challenges.unsent(this.database, nonce);
    if (!challenge) return;
    const { sealer } = await this.identities.keyOf(this.database, challenge.member);
    const to = sealer.open(challenge.sealed, challengePlace(nonce)) as PhoneNumber;
    const code = this.codes.codeOf(challenge.member, nonce);
    const text = `【${this.config.brand.name}】验证码 ${code}，${PHONE_CODE.lifeSeconds / 60} 分钟内有效。请勿告诉他人，非本人操作请忽略。`;
    const verdict = await this.sender.send({ messageId: payload.nonce, to, text });
    sent.inc({ verdict: verdict.kind });
    if (verdict.kind === 'unknown') throw new Transient(`the SMS gateway gave no answer (${verdict.cause})`);
    if (verdict.kind === 'refused') this.log.error({ reason: verdict.reason }, 'sms.refused');
    await this.unitOfWork.run(async (tx) => {
      if (await delivery.completeIn(tx)) await this.challenges.markSent(tx, nonce);
    });
  }

  @RunsEvery('members.purge-phone-codes', () => PURGE_EVERY_MS)
  async purge(): Promise<void> {
    await this.unitOfWork.run((tx) => this.challenges.purge(tx, PURGE_AT_ONCE));
  }
}
