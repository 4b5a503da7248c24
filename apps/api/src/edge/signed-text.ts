import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';

/**
 * Texts that go through a browser and come back unchanged: `text.mac`. The purpose is part of what is signed, so a text made for one
 * use is worth nothing in another. The key is parsed once: handing a Buffer to each call costs several times the HMAC itself.
 */
export class SignedText {
  private readonly key: KeyObject;

  constructor(
    key: Buffer,
    private readonly purpose: string,
  ) {
    this.key = createSecretKey(key);
  }

  sign(text: string): string {
    return `${text}.${this.mac(text)}`;
  }

  /** The text, or null when it was not signed by us for this purpose. */
  open(signed: string): string | null {
    const dot = signed.lastIndexOf('.');
    if (dot < 0) return null;
    const text = signed.slice(0, dot);
    const given = Buffer.from(signed.slice(dot + 1), 'latin1');
    const right = Buffer.from(this.mac(text), 'latin1');
    return given.length === right.length && timingSafeEqual(given, right) ? text : null;
  }

  private mac(text: string): string {
    return createHmac('sha256', this.key).update(`${this.purpose}\n${text}`, 'utf8').digest('base64url');
  }
}
