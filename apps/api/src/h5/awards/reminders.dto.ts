import { Matches } from 'class-validator';

export class ReminderConsentDto {
  /** `templateId` of `GET /v1/h5/reminders`, which the person agreed to in WeChat's own dialog. */
  @Matches(/^[\w-]{1,64}$/)
  templateId: string;
}

/** Whether to ask for 订阅通知 about money that waits to be received. */
export class ReminderOfferDto {
  /** For WeChat's `wx-open-subscribe`; null where this brand sends no such messages. */
  templateId: string | null;
  /** One message was agreed to and not sent yet. */
  agreed: boolean;
}
