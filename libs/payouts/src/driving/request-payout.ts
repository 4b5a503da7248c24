import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { isDuplicate, type Tx } from '@app/database';
import { Outbox } from '@app/jobs';
import { Defect, memberId, type Fen } from '@app/kernel';
import { Authorisations } from '../authorisations/authorisations';
import { PAYOUT_KEY_PATTERN } from './bill-number';
import { channelFor, merchantOf } from '../channels/merchant-routing';
import { Incidents } from '../cases/incidents';
import { Releases } from '../ledger/releases';
import { SendPayout } from './jobs';
import { asFailed, type Payout } from '../payout';
import type { ChannelName } from '../channels/payout-channel';
import { AUTHORISATION_CLOSED } from '../channels/transfer-authorized.channel';
import type { PayoutState } from '../payout-state';
import { PayoutsRepository } from './payouts.repository';

export interface PayoutRequest {
  /** Natural key of the prize: `batch:layer:serial:slot`. */
  readonly payoutKey: string;
  readonly memberId: number;
  readonly campaignId: number;
  readonly versionId: number;
  /** Its reserved part must already hold `amountFen` for this prize. */
  readonly budgetId: number;
  readonly amountFen: Fen;
  /** Chosen by `channelFor` when absent. A bill keeps its channel; the next offer may have another. */
  readonly channel?: ChannelName;
}

/** `requested`: this call set something in motion. `running`, `settled`: it already was. `frozen`: people must look first. */
export type PayoutRequested = {
  readonly kind: 'requested' | 'running' | 'settled' | 'frozen';
  readonly state: PayoutState;
};

const MAX_OFFERS = 60_000;

/** Asks for the money of one prize: the first offer, or the next one after a proven failure. Any other call changes nothing. */
@Injectable()
export class RequestPayout {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly payouts: PayoutsRepository,
    private readonly incidents: Incidents,
    private readonly releases: Releases,
    private readonly authorisations: Authorisations,
    private readonly outbox: Outbox,
  ) {}

  async run(tx: Tx, request: PayoutRequest): Promise<PayoutRequested> {
    if (!PAYOUT_KEY_PATTERN.test(request.payoutKey)) throw new Defect('not a payout key');
    if (request.amountFen <= 0) throw new Defect('a payout of nothing');
    let payout = await this.payouts.lock(tx, request.payoutKey);
    if (!payout && (await this.born(tx, request))) return this.drive(tx, request.payoutKey);
    payout ??= await this.payouts.lock(tx, request.payoutKey);
    if (!payout) throw new Defect('a payout that is there and is not');
    assertSamePrize(payout, request);
    const failed = asFailed(payout);
    if (!failed) return { kind: payout.state === 'SETTLED' ? 'settled' : 'running', state: payout.state };
    if (await this.incidents.freezes(tx, payout.payoutKey)) return { kind: 'frozen', state: payout.state };
    if (payout.offerNo >= MAX_OFFERS) throw new Defect('a payout that never ends');
    await this.payouts.nextOffer(tx, failed, await this.nextChannel(tx, failed, request.channel));
    return this.drive(tx, request.payoutKey);
  }

  private async drive(tx: Tx, payoutKey: string): Promise<PayoutRequested> {
    // After the row was written: a release that meets this one sees it, or is seen here.
    await this.releases.assertOpen(tx, [payoutKey]);
    await this.outbox.append(tx, SendPayout, { payoutKey });
    return { kind: 'requested', state: 'PENDING' };
  }

  /** After a silent send found the agreement over, the next offer is one to tap, whatever our row still says; that row is looked at. */
  private async nextChannel(tx: Tx, failed: Payout, wished: ChannelName | undefined): Promise<ChannelName> {
    if (failed.failReason !== AUTHORISATION_CLOSED) return wished ?? this.channelOf(tx, failed);
    await this.authorisations.doubt(tx, [memberId(failed.memberId)]);
    return channelFor(failed.mchId, this.config.wechat.merchants);
  }

  /** Chosen when an offer begins: silent for who has agreed to it at this account, else the account's own. */
  private async channelOf(tx: Tx, { mchId, memberId: id }: Pick<Payout, 'mchId' | 'memberId'>): Promise<ChannelName> {
    const member = memberId(id);
    const agreed = await this.authorisations.inForce(tx, [member]);
    return channelFor(mchId, this.config.wechat.merchants, agreed.get(member));
  }

  /** The unique key decides between two taps. */
  private async born(tx: Tx, request: PayoutRequest): Promise<boolean> {
    const { merchants } = this.config.wechat;
    const mchId = merchantOf(request.payoutKey, merchants);
    const channel = request.channel ?? (await this.channelOf(tx, { mchId, memberId: request.memberId }));
    try {
      await tx.execute(
        `INSERT INTO payouts (payout_key, member_id, campaign_id, version_id, budget_id, amount_fen, channel, mch_id, state,
           next_at, offered_at, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'PENDING', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
        [
          request.payoutKey,
          request.memberId,
          request.campaignId,
          request.versionId,
          request.budgetId,
          request.amountFen,
          channel,
          mchId,
        ],
      );
      return true;
    } catch (error) {
      if (isDuplicate(error, 'PRIMARY')) return false;
      throw error;
    }
  }
}

/**
 * A prize never changes its amount, its budget or its rule once money was asked for (I7). The member may have been merged into
 * another since: the payout stays with the one it was born with.
 */
function assertSamePrize(payout: Payout, request: PayoutRequest): void {
  for (const field of ['amountFen', 'budgetId', 'campaignId', 'versionId'] as const) {
    if (payout[field] !== request[field])
      throw new Defect(`payout ${payout.payoutKey} was asked for with another ${field}`);
  }
}
