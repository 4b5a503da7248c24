import type { Config, Waits } from '@app/config';
import { addDays, shanghaiDay, shanghaiDayStart, shanghaiFields } from '@app/kernel';
import type { PayoutView } from '@app/payouts';

/** Why somebody is written to: won and not asked for, asked for and not confirmed, came back unclaimed. */
export const REMINDER_KINDS = ['unclaimed', 'confirm', 'returned'] as const;
export type ReminderKind = (typeof REMINDER_KINDS)[number];

/** One rung: `confirm2` is the second reminder to confirm one offer. */
export interface Rung {
  readonly kind: ReminderKind;
  /** From 1. */
  readonly nth: number;
}

const DAY_MS = 86_400_000;
const LADDERS = {
  unclaimed: 'remindUnclaimedMs',
  confirm: 'remindConfirmMs',
  returned: 'remindReturnedMs',
} as const satisfies Record<ReminderKind, keyof Waits>;

/** Whether this deployment can write to anybody at all. */
export function mayRemind({ wechat: { reminders }, sms }: Config): boolean {
  return reminders.template !== null || reminders.subscription !== null || sms.gatewayUrl !== null;
}

export function stepOf({ kind, nth }: Rung): string {
  return `${kind}${nth}`;
}

/** Null for a text that names no rung. */
export function rungOf(step: string): Rung | null {
  const kind = REMINDER_KINDS.find((known) => step.startsWith(known));
  const nth = Number(kind === undefined ? Number.NaN : step.slice(kind.length));
  return kind !== undefined && Number.isInteger(nth) && nth >= 1 && nth <= 9 ? { kind, nth } : null;
}

/** Wait of a rung in milliseconds from the event that its ladder counts from; null when the ladder is shorter. */
export function waitOf({ kind, nth }: Rung, waits: Waits): number | null {
  return waits[LADDERS[kind]][nth - 1] ?? null;
}

/** What to do with a reminder that is due, given where the money is by now. */
export type Verdict =
  /** Tell the person, and go on to the next rung. */
  | { readonly kind: 'remind' }
  /** It has moved on: nobody needs to be told. */
  | { readonly kind: 'moot' }
  /** Not yet: look again then. */
  | { readonly kind: 'wait'; readonly forMs: number };

/**
 * Pure. `payout` null = nobody has asked for the money; `offerNo` is the offer that the reminder was planned for (0 = before any).
 * A reminder that lost its reason is moot; what people must look at first is not for the winner to hurry.
 */
export function judge(rung: Rung, offerNo: number, payout: PayoutView | null, waits: Waits): Verdict {
  if (rung.kind === 'unclaimed') return payout === null ? REMIND : MOOT;
  if (payout === null || payout.offerNo !== offerNo || payout.frozen) return MOOT;
  if (rung.kind === 'confirm') return judgeConfirm(payout, waits);
  if (payout.state === 'FAILED' || payout.state === 'REFUNDED') return REMIND;
  const open = payout.state === 'WAIT_USER' || payout.state === 'UNKNOWN';
  // WeChat may close a bill an hour or more after its time.
  return open ? { kind: 'wait', forMs: Math.max(...waits.remindReturnedMs.slice(0, 1), waits.remindEveryMs) } : MOOT;
}

/** A red packet is announced by WeChat itself, and a silent transfer needs nobody. */
function judgeConfirm({ state, channel }: PayoutView, waits: Waits): Verdict {
  if (channel !== 'transfer_confirm_v3') return MOOT;
  if (state === 'WAIT_USER') return REMIND;
  const soon = state === 'PENDING' || state === 'SENDING' || state === 'UNKNOWN';
  return soon ? { kind: 'wait', forMs: Math.max(waits.remindEveryMs, ...waits.remindConfirmMs.slice(0, 1)) } : MOOT;
}

const REMIND: Verdict = { kind: 'remind' };
const MOOT: Verdict = { kind: 'moot' };

/** When a reminder leaves that would be due at `at`: at once, or when people are up again. `[from, to)` are hours in Shanghai. */
export function decentTime(at: Date, [from, to]: readonly [number, number]): Date {
  const { hour, day } = shanghaiFields(at);
  if (hour >= from && hour < to) return at;
  const begins = shanghaiDayStart(hour < from ? shanghaiDay(at) : addDays(day, 1)).getTime();
  return new Date(begins + (from / 24) * DAY_MS);
}
