import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@app/database';
import { MessageConsents } from './message-consents.repository';
import { Reminders, type TakenReminder } from './reminders.repository';

/** What is written down between the ways. */
@Injectable()
export class WaySteps {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly reminders: Reminders,
    private readonly consents: MessageConsents,
  ) {}

  /** The consent is gone and the way is noted before the message leaves: it is never sent twice. */
  takeConsent(reminder: TakenReminder, templateId: string): Promise<boolean> {
    return this.unitOfWork.run(async (tx) => {
      if (!(await this.consents.take(tx, reminder.memberId, templateId))) return false;
      return this.reminders.begin(tx, reminder, 'subscribe');
    });
  }

  forgetConsents({ memberId }: TakenReminder, templateId: string): Promise<void> {
    return this.unitOfWork.run((tx) => this.consents.forget(tx, memberId, templateId));
  }
}
