import { MessageConsents } from './message-consents.repository';
import { PlanReminders } from './plan-reminders';
import { RemindMember } from './remind-member';
import { ReminderSubjects } from './reminder-subjects';
import { ReminderWays } from './reminder-ways';
import { Reminders } from './reminders.repository';
import { SendReminders } from './send-reminders';
import { WaySteps } from './way-steps';

/** What it takes to remind people of money that waits for them. */
export const REMINDER_ROOMS = [
  MessageConsents,
  PlanReminders,
  RemindMember,
  ReminderSubjects,
  ReminderWays,
  Reminders,
  SendReminders,
  WaySteps,
];
