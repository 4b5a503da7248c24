import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { Database, Sealer } from '@app/database';
import type { MemberId } from '@app/kernel';
import { MemberDirectory } from '@app/members';
import { silentReach } from '../channels/merchant-routing';
import { authorisingMerchant } from './ask-authorisation';
import type { Authorisation } from './authorisation';
import { AuthorisationsRepository } from './authorisations.repository';
import { packageAad } from './record-authorisation';

/**
 * off: none. preparing: WeChat is being asked. confirm: WeChat waits for the person. on: money arrives without a tap. ending: taken
 * back, WeChat is being told. unavailable: WeChat does not take our asking for now.
 */
export const AUTHORISATION_STANDINGS = ['off', 'preparing', 'confirm', 'on', 'ending', 'unavailable'] as const;
export type AuthorisationStanding = (typeof AUTHORISATION_STANDINGS)[number];

/** What a person may know about being paid silently. */
export interface AuthorisationView {
  readonly state: AuthorisationStanding;
  /** The person was never asked and could be: show the offer, once. */
  readonly offered: boolean;
  /** Whether all that this person wins arrives silently under it, or only what its merchant account pays. */
  readonly reach: 'all' | 'some';
  /** What `requestMerchantTransfer` takes; only in `confirm`. */
  readonly confirm: { readonly mchId: string; readonly appId: string; readonly package: string } | null;
  /** Until when WeChat waits for the person. */
  readonly expiresAt: Date | null;
  readonly agreedAt: Date | null;
}

/** After this many answers in vain a page stops waiting; the worker goes on asking. */
const PATIENCE = 3;

@Injectable()
export class AuthorisationViews {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly members: MemberDirectory,
    private readonly rows: AuthorisationsRepository,
    private readonly sealer: Sealer,
  ) {}

  async of(member: MemberId): Promise<AuthorisationView> {
    const row = await this.rows.newest(this.database, await this.members.numbersOf(member));
    const able = authorisingMerchant(this.config);
    const none = { offered: able !== null && row === null, confirm: null, expiresAt: null, agreedAt: null };
    if (!row || row.state === 'CLOSED') return { ...none, reach: this.reach(able), state: 'off' };
    const state = standingOf(row);
    return {
      ...{ ...none, reach: this.reach(row.mchId), state },
      confirm: state === 'confirm' ? this.confirmOf(row) : null,
      expiresAt: state === 'confirm' ? row.expiresAt : null,
      agreedAt: row.agreedAt,
    };
  }

  private reach(mchId: string | null): AuthorisationView['reach'] {
    return mchId === null ? 'some' : silentReach(mchId, this.config.wechat.merchants);
  }

  private confirmOf({ mchId, packageSealed, outAuthorizationNo }: Authorisation): AuthorisationView['confirm'] {
    if (packageSealed === null) return null;
    const opened = this.sealer.open(packageSealed, packageAad(outAuthorizationNo));
    return { mchId, appId: this.config.wechat.appId, package: opened };
  }
}

function standingOf({ state, wish, packageSealed, checks }: Authorisation): AuthorisationStanding {
  if (wish === 'close') return 'ending';
  if (state === 'TAKING_EFFECT') return 'on';
  if (state === 'WAIT_USER' && packageSealed !== null) return 'confirm';
  return checks >= PATIENCE ? 'unavailable' : 'preparing';
}
