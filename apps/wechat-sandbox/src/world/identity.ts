import { createHmac, timingSafeEqual } from 'node:crypto';

/** Makes the opaque names and sealed tokens of the stand-in from one secret, so that they survive a restart and an emptied store. */
export class Identity {
  constructor(private readonly secret: string) {}

  /** 28 characters like WeChat's; a virtual (快照页) account gets another one than the real account would. */
  openid(appId: string, userId: string, virtual = false): string {
    return `o${this.mac(`openid|${appId}|${userId}|${virtual}`).slice(0, 27)}`;
  }

  /** Seals a small document: readable by anybody, made only by us. */
  seal(purpose: string, document: object): string {
    const body = Buffer.from(JSON.stringify(document), 'utf8').toString('base64url');
    return `${body}.${this.mac(`${purpose}|${body}`)}`;
  }

  /** The sealed document, or undefined when the seal is not ours. */
  unseal(purpose: string, sealed: string): Record<string, unknown> | undefined {
    const [body, mac, ...more] = sealed.split('.');
    if (body === undefined || mac === undefined || more.length > 0) return undefined;
    const expected = Buffer.from(this.mac(`${purpose}|${body}`));
    const given = Buffer.from(mac);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    return JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as Record<string, unknown>;
  }

  private mac(text: string): string {
    return createHmac('sha256', this.secret).update(text).digest('base64url');
  }
}
