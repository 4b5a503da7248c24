/** A message of the account as it lies in somebody's WeChat. */
export interface AccountMessage {
  msgid: number;
  kind: 'template' | 'subscription';
  userId: string;
  templateId: string;
  title: string;
  url: string;
  lines: { name: string; value: string }[];
  clientMsgId?: string;
  at: string;
}

const KEPT = 2_000;
const FIRST_MSGID = 3_400_000_000_000;
/** WeChat remembers a client_msg_id for ten minutes. */
const REMEMBERED_MS = 600_000;

/** Messages and consents to get one. In memory: they are not money. */
export class MessageBox {
  private readonly messages: AccountMessage[] = [];
  private readonly consents = new Map<string, number>();
  private count = 0;

  /** Delivers, or finds what was delivered to this person under this id within ten minutes. */
  deliver(message: Omit<AccountMessage, 'msgid' | 'at'>, at: Date): AccountMessage {
    const known = this.messages.find(
      (one) =>
        message.clientMsgId !== undefined &&
        one.clientMsgId === message.clientMsgId &&
        one.userId === message.userId &&
        at.getTime() - Date.parse(one.at) < REMEMBERED_MS,
    );
    if (known !== undefined) return known;
    this.count += 1;
    const delivered = { ...message, msgid: FIRST_MSGID + this.count, at: at.toISOString() };
    this.messages.push(delivered);
    if (this.messages.length > KEPT) this.messages.shift();
    return delivered;
  }

  /** Newest first; of one person when named. */
  latest(limit: number, userId?: string): AccountMessage[] {
    const those = userId === undefined ? this.messages : this.messages.filter((one) => one.userId === userId);
    return those.slice(-limit).reverse();
  }

  /** Of one kind on the Shanghai day of `at`. */
  sentOn(kind: AccountMessage['kind'], at: Date): number {
    const day = (moment: number): number => Math.floor((moment + 8 * 3_600_000) / 86_400_000);
    return this.messages.filter((one) => one.kind === kind && day(Date.parse(one.at)) === day(at.getTime())).length;
  }

  /** The person agrees to one more message of a template. */
  agree(userId: string, templateId: string): number {
    const key = `${userId}|${templateId}`;
    const left = (this.consents.get(key) ?? 0) + 1;
    this.consents.set(key, left);
    return left;
  }

  /** Uses up one consent; false when there is none. */
  useConsent(userId: string, templateId: string): boolean {
    const key = `${userId}|${templateId}`;
    const left = this.consents.get(key) ?? 0;
    if (left === 0) return false;
    this.consents.set(key, left - 1);
    return true;
  }
}
