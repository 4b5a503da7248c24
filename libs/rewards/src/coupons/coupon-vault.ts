import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { blindIndex, sealedAt, Sealer } from '@app/database';

/** How a coupon code lies in the database: sealed for its place, and findable only by who holds the blind key. */
@Injectable()
export class CouponVault {
  private readonly sealer: Sealer;
  private readonly blindKey: Buffer;

  constructor(@Inject(CONFIG) config: Config) {
    this.sealer = Sealer.fromConfig(config);
    this.blindKey = config.keys.blindIndex;
  }

  seal(code: string, poolId: number, position: number): Buffer {
    return this.sealer.seal(code, placeOf(poolId, position));
  }

  open(sealed: Buffer, poolId: number, position: number): string {
    return this.sealer.open(sealed, placeOf(poolId, position));
  }

  blind(code: string): Buffer {
    return blindIndex(this.blindKey, `coupon:${code}`);
  }
}

function placeOf(poolId: number, position: number): string {
  return sealedAt('coupon_codes', 'code_sealed', `${poolId}:${position}`);
}
