import { createHmac } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { crockford } from '@app/kernel';
import { payoutKeyOf, type AwardRow } from '../award';
import { prizeSecret } from '../prize-secret';

const LENGTH = 12;

/** Coupon codes that no pool holds: a pure function of the award, 12 Crockford characters (60 bits), never stored. */
@Injectable()
export class GeneratedCoupons {
  private readonly secret: Buffer;

  constructor(@Inject(CONFIG) config: Config) {
    this.secret = prizeSecret(config, 'coupon');
  }

  codeOf(award: Pick<AwardRow, 'code' | 'slot'>): string {
    return crockford(createHmac('sha256', this.secret).update(payoutKeyOf(award)).digest(), LENGTH);
  }
}
