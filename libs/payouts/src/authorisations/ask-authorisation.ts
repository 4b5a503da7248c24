import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { blindIndex, Database, isDuplicate, UnitOfWork, type Tx } from '@app/database';
import { Outbox } from '@app/jobs';
import { Rejected, type MemberId } from '@app/kernel';
import { OpenIds } from '@app/members';
import { TRANSFER_SCENE } from '../channels/transfer-words';
import { authorizationNumber, type Authorisation } from './authorisation';
import { AuthorisationRequests } from './authorisation-requests';
import { AuthorisationWire } from './authorisation-wire';
import { AuthorisationsRepository } from './authorisations.repository';
import { AdvanceAuthorisation } from './jobs';

/** The account at which people are asked to be paid silently: the weightiest enabled one that WeChat has opened it for. Null = none. */
export function authorisingMerchant({ wechat }: Pick<Config, 'wechat'>): string | null {
  const able = wechat.merchants.filter(
    ({ enabled, channels }) => enabled && channels.includes('transfer_authorized_v3'),
  );
  const [first, ...others] = able;
  if (!first) return null;
  return others.reduce((best, one) => (one.weight > best.weight ? one : best), first).mchId;
}

/** The person wants to be asked by WeChat for an agreement to be paid silently. The worker asks; the page looks again. */
@Injectable()
export class AskAuthorisation {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly openIds: OpenIds,
    private readonly rows: AuthorisationsRepository,
    private readonly wire: AuthorisationWire,
    private readonly requests: AuthorisationRequests,
    private readonly outbox: Outbox,
  ) {}

  /**
   * One agreement is open per person and scene: asking again while it is looks at that one. A new number begins only after WeChat said
   * that the last one is CLOSED. Throws Rejected 409 where this is not offered.
   */
  async run(member: MemberId): Promise<void> {
    const mchId = authorisingMerchant(this.config);
    const openid = mchId === null ? null : await this.openIds.openidOf(this.database, member);
    if (mchId === null || openid === null) throw new Rejected('not_offered', '暂时不能开通免确认收款', 409);
    const { keys } = this.config;
    const payeeBlind = blindIndex(keys.blindIndex, `openid:${openid}`);
    const openKey = blindIndex(keys.blindIndex, `authorisation:${TRANSFER_SCENE}:${openid}`);
    await this.unitOfWork.run(async (tx) => {
      const open = await this.rows.openOf(tx, openKey);
      if (open) return this.lookAgain(tx, open);
      const ordinal = (await this.rows.lastOrdinal(tx, payeeBlind)) + 1;
      const outAuthorizationNo = authorizationNumber(keys.bill, { mchId, scene: TRANSFER_SCENE, payeeBlind, ordinal });
      const request = this.wire.prepare({ outAuthorizationNo, mchId, openid, displayName: `会员${member}` });
      try {
        const frozen = this.requests.freeze(request);
        await this.rows.open(tx, { outAuthorizationNo, member, mchId, ordinal, payeeBlind, openKey, ...frozen });
      } catch (error) {
        // Tapped twice: the other tap's row is the one.
        if (isDuplicate(error)) return;
        throw error;
      }
      await this.outbox.append(tx, AdvanceAuthorisation, { outAuthorizationNo });
    });
  }

  /** Also how a page that came back from WeChat's dialog asks what became of it. Does nothing when none is open. */
  async refresh(member: MemberId): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const newest = await this.rows.newest(tx, member);
      const row = newest && (await this.rows.find(tx, newest.outAuthorizationNo, true));
      if (row && row.state !== 'CLOSED') await this.lookAgain(tx, row);
    });
  }

  private async lookAgain(tx: Tx, row: Authorisation): Promise<void> {
    await this.rows.change(tx, row, null, { nextInMs: 0 });
    await this.outbox.append(tx, AdvanceAuthorisation, { outAuthorizationNo: row.outAuthorizationNo });
  }
}

/** The person takes the agreement back. From this commit on no new payout uses it; WeChat is told by the worker until it says CLOSED. */
@Injectable()
export class EndAuthorisation {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly rows: AuthorisationsRepository,
    private readonly outbox: Outbox,
  ) {}

  /** Returns whether there was one to end. */
  async run(member: MemberId): Promise<boolean> {
    return this.unitOfWork.run(async (tx) => {
      const newest = await this.rows.newest(tx, member);
      const row = newest && (await this.rows.find(tx, newest.outAuthorizationNo, true));
      if (!row || row.state === 'CLOSED') return false;
      await this.rows.change(tx, row, null, { wish: 'close', nextInMs: 0, checks: 0 });
      await this.outbox.append(tx, AdvanceAuthorisation, { outAuthorizationNo: row.outAuthorizationNo });
      return true;
    });
  }
}
