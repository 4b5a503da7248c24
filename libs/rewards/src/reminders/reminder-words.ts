import type { MessageTemplate } from '@app/config';
import { formatYuan, shanghaiFields, type Fen } from '@app/kernel';
import type { ReminderKind } from './ladder';

/** What a reminder is about. */
export interface ReminderFacts {
  readonly kind: ReminderKind;
  readonly amountFen: Fen;
  readonly campaignName: string;
  /** When WeChat closes the bill, or the published end of claims. */
  readonly until: Date;
}

/** WeChat's field types: a `thing` has at most 20 characters, a `time` is a minute. */
const THING_CHARACTERS = 20;

/** Service words only: which win, how much, until when. Nothing that invites to buy, scan or share. */
export function templateData({ fields }: MessageTemplate, facts: ReminderFacts): Record<string, { value: string }> {
  return {
    [fields.what]: { value: [...`${facts.campaignName}奖励`].slice(0, THING_CHARACTERS).join('') },
    [fields.amount]: { value: `${formatYuan(facts.amountFen).replaceAll(',', '')}元` },
    [fields.until]: { value: minute(facts.until) },
  };
}

const SMS: Readonly<Record<ReminderKind, (amount: string, until: string) => string>> = {
  unclaimed: (amount) => `您扫码中奖的 ${amount} 元还没有领取，请在微信打开「我的钱包」点收款。`,
  confirm: (amount, until) => `您的 ${amount} 元奖励在等您确认收款，${until} 前有效，请在微信打开「我的钱包」确认。`,
  returned: (amount) => `您的 ${amount} 元奖励上次没有收下，钱还为您留着，请在微信打开「我的钱包」再点收款。`,
};

export function smsText(brand: string, { kind, amountFen, until }: ReminderFacts): string {
  return `【${brand}】${SMS[kind](formatYuan(amountFen), minute(until))}`;
}

/** `2026年11月23日 09:05`, as WeChat's `time` fields want it. */
function minute(at: Date): string {
  const { day, hour, minute: minutes } = shanghaiFields(at);
  const [year, month, date] = day.split('-').map(Number);
  return `${year}年${month}月${date}日 ${String(hour).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
}
