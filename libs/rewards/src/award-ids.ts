import { createHmac, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { crockford, type CodeTriple } from '@app/kernel';

const TAG_LENGTH = 10;
const PATTERN = /^([0-9a-z]{1,5})-([0-9a-z]{1,2})-([0-9a-z]{1,6})-([0-9a-z])-([0-9A-Z]{10})$/;

/** Names a prize towards its owner: the natural key with a keyed tag, so that ids cannot be counted up or guessed. */
@Injectable()
export class AwardIds {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  make({ batch, layer, serial }: CodeTriple, slot: number): string {
    const key = [batch, layer, serial, slot].map((part) => part.toString(36)).join('-');
    return `${key}-${this.tag(key)}`;
  }

  /** The code of a prize, or null for an id that we did not make. */
  read(awardId: string): CodeTriple | null {
    const parts = PATTERN.exec(awardId);
    if (!parts) return null;
    const key = parts.slice(1, 5).join('-');
    if (!timingSafeEqual(Buffer.from(this.tag(key)), Buffer.from(parts[5]!))) return null;
    const [batch, layer, serial] = parts.slice(1, 4).map((part) => Number.parseInt(part, 36));
    return { batch: batch!, layer: layer!, serial: serial! };
  }

  private tag(key: string): string {
    return crockford(createHmac('sha256', this.config.keys.cookie).update(`award|${key}`).digest(), TAG_LENGTH);
  }
}
