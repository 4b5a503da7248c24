import type { AwardState } from '../shell/wire';

/** What the offer of a reminder says beside its button; null where there is nothing to be reminded of. */
export function reminderWords(state: AwardState): string | null {
  switch (state) {
    case 'ready':
    case 'expired':
      return '现在不方便收款？在微信里提醒您一次，不会错过';
    case 'preparing':
    case 'confirm':
    case 'processing':
      return '还差确认收款的话，在微信里提醒您一次';
    default:
      return null;
  }
}

/**
 * Whether the person allowed the message. WeChat's tag tells it as JSON within JSON:
 * `{errMsg: 'subscribe:ok', subscribeDetails: '{"<id>":"{\\"status\\":\\"accept\\"}"}'}`; anything else is no consent.
 */
export function allowed(detail: unknown, templateId: string): boolean {
  const { errMsg, subscribeDetails } = recordOf(detail);
  if (errMsg !== 'subscribe:ok') return false;
  return recordOf(recordOf(subscribeDetails)[templateId])['status'] === 'accept';
}

function recordOf(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  if (typeof value !== 'string') return {};
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
