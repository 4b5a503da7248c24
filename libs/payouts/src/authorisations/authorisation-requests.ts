import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { blindIndex, sealedAt, Sealer } from '@app/database';
import { Defect, type MemberId } from '@app/kernel';
import { TRANSFER_SCENE } from '../channels/transfer-words';
import { authorizationNumber, type Authorisation } from './authorisation';
import { AuthorisationWire, type FrozenAuthorisation } from './authorisation-wire';
import type { NewAuthorisation } from './authorisations.repository';

/** Requests of agreements as the table keeps them: sealed, because they name the person, and hashed. */
@Injectable()
export class AuthorisationRequests {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly wire: AuthorisationWire,
    private readonly sealer: Sealer,
  ) {}

  /** How the table knows a person: `payeeBlind` for ever, `openKey` for the one agreement that is not over. */
  keysOf(openid: string): { readonly payeeBlind: Buffer; readonly openKey: Buffer } {
    const { blindIndex: key } = this.config.keys;
    return {
      payeeBlind: blindIndex(key, `openid:${openid}`),
      openKey: blindIndex(key, `authorisation:${TRANSFER_SCENE}:${openid}`),
    };
  }

  /** The nth agreement of a person, ready to be written. */
  make(of: { member: MemberId; mchId: string; openid: string; ordinal: number }): NewAuthorisation {
    const { member, mchId, openid, ordinal } = of;
    const keys = this.keysOf(openid);
    const { payeeBlind } = keys;
    const named = { mchId, scene: TRANSFER_SCENE, payeeBlind, ordinal };
    const outAuthorizationNo = authorizationNumber(this.config.keys.bill, named);
    const request = this.wire.prepare({ outAuthorizationNo, mchId, openid, displayName: `会员${member}` });
    const text = JSON.stringify(request);
    const requestSealed = this.sealer.seal(text, aadOf(outAuthorizationNo));
    return { outAuthorizationNo, member, mchId, ordinal, ...keys, requestSealed, requestHash: hashOf(text) };
  }

  /** The stored request, proven to be the one of the first attempt. Throws Defect when it is not. */
  open(row: Authorisation): FrozenAuthorisation {
    const text = this.sealer.open(row.requestSealed, aadOf(row.outAuthorizationNo));
    if (!hashOf(text).equals(row.requestHash)) {
      throw new Defect(`the request of authorisation ${row.outAuthorizationNo} was changed`);
    }
    return JSON.parse(text) as FrozenAuthorisation;
  }
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}

function aadOf(outAuthorizationNo: string): string {
  return sealedAt('payout_authorisations', 'request_sealed', outAuthorizationNo);
}
