import { createHmac, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { crockford, type CodeTriple } from '@app/kernel';
import { payoutKeyOf, type AwardRow } from './award';
import { prizeSecret } from './prize-secret';

const TAG_LENGTH = 16;
const PATTERN = /^R1-([0-9A-Z]{1,5})-([0-9A-Z]{1,2})-([0-9A-Z]{1,6})-([0-9A-Z]{1,2})-([0-9A-Z]{16})$/;

/**
 * What a store's clerk scans from the winner's phone: the award's natural key and a keyed tag, upper case so that QR stays in its
 * alphanumeric mode. It names the award and proves that we made it; whether the award was handed over already is not in it.
 */
@Injectable()
export class RedeemTokens {
  private readonly secret: Buffer;

  constructor(@Inject(CONFIG) config: Config) {
    this.secret = prizeSecret(config, 'redeem');
  }

  make(award: Pick<AwardRow, 'code' | 'slot'>): string {
    const { batch, layer, serial } = award.code;
    const parts = [batch, layer, serial, award.slot].map((part) => part.toString(36).toUpperCase());
    return ['R1', ...parts, this.tag(award)].join('-');
  }

  /** The award a token stands for, or null for a text that we did not make. */
  read(token: string): { readonly code: CodeTriple; readonly slot: number } | null {
    const parts = PATTERN.exec(token);
    if (!parts) return null;
    const [batch, layer, serial, slot] = parts.slice(1, 5).map((part) => Number.parseInt(part, 36));
    const award = { code: { batch: batch!, layer: layer!, serial: serial! }, slot: slot! };
    return timingSafeEqual(Buffer.from(this.tag(award)), Buffer.from(parts[5]!)) ? award : null;
  }

  private tag(award: Pick<AwardRow, 'code' | 'slot'>): string {
    return crockford(createHmac('sha256', this.secret).update(payoutKeyOf(award)).digest(), TAG_LENGTH);
  }
}
