import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { Defect } from '@app/kernel';
import { SmsSender, type SmsMessage, type SmsVerdict } from './sms-sender';

const TIMEOUT_MS = 5000;
/** Statuses by which a gateway says that trying again is pointless; any other failure leaves the outcome open. */
const REFUSALS = new Set([400, 403, 404, 410, 413, 422]);

/**
 * `POST SMS_GATEWAY_URL {messageId, to, text}` with `Authorization: Bearer …` when there is a token; 2xx = accepted. Providers differ too
 * much to speak to one of them: a few lines in front of yours translate.
 */
@Injectable()
export class SmsGateway extends SmsSender {
  private readonly url: string | null;
  private readonly token: string | null;

  constructor(@Inject(CONFIG) { sms }: Config) {
    super();
    this.url = sms.gatewayUrl;
    this.token = sms.token;
  }

  get available(): boolean {
    return this.url !== null;
  }

  async send({ messageId, to, text }: SmsMessage): Promise<SmsVerdict> {
    if (this.url === null) throw new Defect('a text message without a gateway');
    try {
      const response = await fetch(this.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(this.token === null ? {} : { authorization: `Bearer ${this.token}` }),
        },
        body: JSON.stringify({ messageId, to, text }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
        redirect: 'error',
      });
      // Read to the end, so that the connection can be used again; what a gateway says beyond its status is not for us.
      await response.text();
      if (response.ok) return { kind: 'accepted' };
      if (REFUSALS.has(response.status)) return { kind: 'refused', reason: `http ${response.status}` };
      return { kind: 'unknown', cause: `http ${response.status}` };
    } catch (error) {
      return { kind: 'unknown', cause: (error as Error).name };
    }
  }
}
