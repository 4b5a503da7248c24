import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { Database, UnitOfWork } from '@app/database';
import { Rejected, type MemberId } from '@app/kernel';
import { MemberDirectory } from '@app/members';
import { MessageConsents } from './message-consents.repository';

/** Whether somebody may be asked to agree to one message about money that waits. */
export interface ReminderOffer {
  /** The 订阅通知 template to agree to; null where this brand sends none. */
  readonly templateId: string | null;
  /** There is a consent that no message has used up yet, as far as we know. */
  readonly agreed: boolean;
}

/** The person tapped 允许 in WeChat's own dialog: one message may be sent, once. WeChat keeps the real count, this is our copy. */
@Injectable()
export class AgreeToReminders {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly consents: MessageConsents,
    private readonly members: MemberDirectory,
  ) {}

  async offer(member: MemberId): Promise<ReminderOffer> {
    const templateId = this.templateId;
    if (templateId === null) return { templateId, agreed: false };
    return { templateId, agreed: (await this.consents.left(this.database, member, templateId)) > 0 };
  }

  /** Rejected `reminder_changed` (409) when it is not the template that is asked for now. */
  async run(member: MemberId, templateId: string): Promise<ReminderOffer> {
    if (templateId !== this.templateId) {
      throw new Rejected('reminder_changed', '提醒的方式有变化，请刷新后再试', 409);
    }
    await this.unitOfWork.run((tx) => this.consents.add(tx, member, templateId));
    return { templateId, agreed: true };
  }

  /** What is left of it, under all numbers of the person. */
  async given(member: MemberId): Promise<{ left: number; at: Date | null }> {
    return this.consents.all(this.database, await this.members.numbersOf(member));
  }

  /** Taken back: we send none, whatever WeChat would still let us. A second time changes nothing. */
  async withdraw(member: MemberId): Promise<void> {
    const numbers = await this.members.numbersOf(member);
    await this.unitOfWork.run((tx) => this.consents.forgetAll(tx, numbers));
  }

  private get templateId(): string | null {
    return this.config.wechat.reminders.subscription?.id ?? null;
  }
}
