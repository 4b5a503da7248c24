import { timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { blindIndex } from '@app/database';
import { systemRandom, type MemberId } from '@app/kernel';
import type { PhoneNumber } from './phone-number';

const NONCE_BYTES = 16;
const CODE_DIGITS = 6;

/** Six digits that only holders of our key can tell: an HMAC of the challenge. They are stored nowhere, not even as a hash. */
@Injectable()
export class PhoneCodes {
  private readonly key: Buffer;

  constructor(@Inject(CONFIG) { keys }: Config) {
    this.key = keys.blindIndex;
  }

  newNonce(): Buffer {
    return Buffer.from(systemRandom.bytes(NONCE_BYTES));
  }

  codeOf(member: MemberId, nonce: Buffer): string {
    const mac = blindIndex(this.key, `phone-code:${member}:${nonce.toString('hex')}`);
    return String(mac.readUIntBE(0, 6) % 10 ** CODE_DIGITS).padStart(CODE_DIGITS, '0');
  }

  isRight(member: MemberId, nonce: Buffer, typed: string): boolean {
    const [right, given] = [Buffer.from(this.codeOf(member, nonce)), Buffer.from(typed)];
    return right.length === given.length && timingSafeEqual(right, given);
  }

  /** Whose messages are counted: one row for the member, one for the number. */
  memberSubject(member: MemberId): Buffer {
    return blindIndex(this.key, `phone-limit-member:${member}`);
  }

  phoneSubject(phone: PhoneNumber): Buffer {
    return blindIndex(this.key, `phone-limit-phone:${phone}`);
  }
}
