import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { sealedAt, Sealer } from '@app/database';
import { Defect } from '@app/kernel';
import type { Authorisation } from './authorisation';
import type { FrozenAuthorisation } from './authorisation-wire';

/** Requests of agreements as the table keeps them: sealed, because they name the person, and hashed. */
@Injectable()
export class AuthorisationRequests {
  constructor(private readonly sealer: Sealer) {}

  freeze(request: FrozenAuthorisation): { requestSealed: Buffer; requestHash: Buffer } {
    const text = JSON.stringify(request);
    const requestSealed = this.sealer.seal(text, aadOf(request.body.out_authorization_no));
    return { requestSealed, requestHash: hashOf(text) };
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
