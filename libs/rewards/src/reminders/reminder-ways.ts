import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { Database } from '@app/database';
import { OpenIds, TextMember } from '@app/members';
import { LOGGER, type Logger } from '@app/observability';
import { AccountMessages, type MessageVerdict } from '@app/wechat';
import { smsText, templateData, type ReminderFacts } from './reminder-words';
import type { ReminderWay, TakenReminder } from './reminders.repository';
import { WaySteps } from './way-steps';

/** `again`: not sent now, and safe to try once more. `next`: this way leads to nobody. */
type End = 'sent' | 'unclear' | 'again' | 'next';

/** The ladder of ways: who follows the account, who agreed to one message, who left a number, and the wallet for everybody else. */
@Injectable()
export class ReminderWays {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly database: Database,
    private readonly openIds: OpenIds,
    private readonly messages: AccountMessages,
    private readonly phones: TextMember,
    private readonly steps: WaySteps,
  ) {}

  /** Null: try again later. `last`: there is no later. Never throws for anything the outside says. */
  async send(
    reminder: TakenReminder,
    facts: ReminderFacts,
    last: boolean,
  ): Promise<{ way: ReminderWay; outcome: string } | null> {
    // Cut off while it asked for the one way that cannot be asked twice.
    if (reminder.begun === 'subscribe') return { way: 'subscribe', outcome: 'unclear' };
    for (const way of ['template', 'subscribe', 'sms'] as const) {
      const end = await this.by[way](reminder, facts);
      if (end === 'again' && !last) return null;
      if (end === 'sent' || end === 'unclear') return { way, outcome: end };
    }
    return { way: 'visit', outcome: 'shown' };
  }

  private readonly by: Record<
    Exclude<ReminderWay, 'visit'>,
    (reminder: TakenReminder, facts: ReminderFacts) => Promise<End>
  > = {
    template: (reminder, facts) => this.template(reminder, facts),
    subscribe: (reminder, facts) => this.subscription(reminder, facts),
    sms: (reminder, facts) => this.sms(reminder, facts),
  };

  private async template(reminder: TakenReminder, facts: ReminderFacts): Promise<End> {
    const { template } = this.config.wechat.reminders;
    const openid = template && (await this.openIds.openidOf(this.database, reminder.memberId));
    if (!template || !openid) return 'next';
    const data = templateData(template, facts);
    const verdict = await this.messages.template({
      ...{ openid, templateId: template.id, url: this.page(), clientMsgId: messageId(reminder), data },
    });
    // WeChat knows the id again: what may have been sent is asked for once more without harm.
    return verdict.kind === 'unknown' ? 'again' : this.endOf(verdict);
  }

  private async subscription(reminder: TakenReminder, facts: ReminderFacts): Promise<End> {
    const { subscription } = this.config.wechat.reminders;
    const openid = subscription && (await this.openIds.openidOf(this.database, reminder.memberId));
    if (!subscription || !openid || !(await this.steps.takeConsent(reminder, subscription.id))) return 'next';
    const data = templateData(subscription, facts);
    const verdict = await this.messages.subscription({ openid, templateId: subscription.id, url: this.page(), data });
    if (verdict.kind === 'refused') await this.steps.forgetConsents(reminder, subscription.id);
    if (verdict.kind === 'unknown') return 'unclear';
    // A consent is used up by the attempt; what was not taken goes another way instead of waiting with it.
    return verdict.kind === 'later' ? 'next' : this.endOf(verdict);
  }

  private async sms(reminder: TakenReminder, facts: ReminderFacts): Promise<End> {
    const text = smsText(this.config.brand.name, facts);
    const verdict = await this.phones.send(reminder.memberId, { messageId: messageId(reminder), text });
    if (verdict.kind === 'accepted') return 'sent';
    return verdict.kind === 'unknown' ? 'again' : 'next';
  }

  private endOf(verdict: MessageVerdict): End {
    if (verdict.kind === 'sent') return 'sent';
    if (verdict.kind === 'later') return 'again';
    if (verdict.kind === 'misconfigured') this.logger.error({ errcode: verdict.errcode }, 'reminder.misconfigured');
    return 'next';
  }

  private page(): string {
    return `${this.config.http.publicUrl}/h5/wallet`;
  }
}

/** The same for every attempt at one reminder, and nobody can read from it which it is. */
function messageId({ payoutKey, offerNo, step }: TakenReminder): string {
  return createHash('sha256').update(`reminder|${payoutKey}|${offerNo}|${step}`).digest('hex').slice(0, 32);
}
