import { randomUUID } from 'node:crypto';

/** A text message as it lies on somebody's phone. */
export interface TextMessage {
  id: string;
  /** What the sender calls it; the same name is delivered once. */
  messageId: string;
  to: string;
  text: string;
  at: string;
}

const KEPT = 2_000;

/** The phones of everybody who was ever written to. In memory: text messages are not money. */
export class Inbox {
  private readonly messages: TextMessage[] = [];
  private readonly names = new Map<string, TextMessage>();

  /** Delivers, or finds what was delivered under this name before. */
  deliver(message: Pick<TextMessage, 'messageId' | 'to' | 'text'>, at: Date): TextMessage {
    const known = this.names.get(message.messageId);
    if (known !== undefined) return known;
    const delivered = { id: randomUUID(), ...message, at: at.toISOString() };
    this.messages.push(delivered);
    this.names.set(message.messageId, delivered);
    if (this.messages.length > KEPT) this.names.delete(this.messages.shift()?.messageId ?? '');
    return delivered;
  }

  /** Newest first; of one number when named. */
  latest(limit: number, to?: string): TextMessage[] {
    const those = to === undefined ? this.messages : this.messages.filter((message) => message.to === to);
    return those.slice(-limit).reverse();
  }
}
