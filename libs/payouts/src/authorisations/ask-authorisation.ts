import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { Database, isDuplicate, UnitOfWork, type Tx } from '@app/database';
import { Outbox } from '@app/jobs';
import { Rejected, type MemberId } from '@app/kernel';
import { MemberPresence, OpenIds } from '@app/members';
import { AuthorisationRequests } from './authorisation-requests';
import { AuthorisationsRepository, type NewAuthorisation } from './authorisations.repository';
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
    private readonly requests: AuthorisationRequests,
    private readonly outbox: Outbox,
    private readonly presence: MemberPresence,
  ) {}

  /**
   * One agreement is open per person and scene: asking again while it is looks at that one. A new number begins only after WeChat said
   * that the last one is CLOSED. Throws Rejected 409 where this is not offered.
   */
  async run(member: MemberId): Promise<void> {
    const mchId = authorisingMerchant(this.config);
    const openid = mchId === null ? null : await this.openIds.openidOf(this.database, member);
    if (mchId === null || openid === null) throw new Rejected('not_offered', '暂时不能开通免确认收款', 409);
    const { payeeBlind, openKey } = this.requests.keysOf(openid);
    await this.unitOfWork.run(async (tx) => {
      await this.presence.require(tx, member);
      const open = await this.rows.openOf(tx, openKey);
      if (open)
        return this.advance(tx, open.outAuthorizationNo, () => this.rows.change(tx, open, null, { nextInMs: 0 }));
      const ordinal = (await this.rows.lastOrdinal(tx, payeeBlind)) + 1;
      const made = this.requests.make({ member, mchId, openid, ordinal });
      return this.advance(tx, made.outAuthorizationNo, () => this.open(tx, made));
    });
  }

  private async advance(tx: Tx, outAuthorizationNo: string, write: () => Promise<void>): Promise<void> {
    await write();
    await this.outbox.append(tx, AdvanceAuthorisation, { outAuthorizationNo });
  }

  /** Tapped twice: the other tap's row is the one. */
  private async open(tx: Tx, made: NewAuthorisation): Promise<void> {
    try {
      await this.rows.open(tx, made);
    } catch (error) {
      if (!isDuplicate(error)) throw error;
    }
  }
}
