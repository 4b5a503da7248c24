import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { Defect, Transient } from '@app/kernel';
import { LOGGER, type Logger } from '@app/observability';
import { PayoutChannels, type Outcome } from '../channels/payout-channel';
import { RateGate } from '../channels/rate-gate';
import type { Payout } from '../payout';
import type { Exchange } from './exchange';
import type { Ended } from './judge-exchanges';

/** A place in the queue of those who will talk soon. `leave` gives it back and may be called again. */
export interface Place {
  leave(): void;
}

/** Exchanges with WeChat, at the pace that its limits allow. No transaction is open here. */
@Injectable()
export class Talk {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly channels: PayoutChannels,
    private readonly rates: RateGate,
  ) {}

  /** Waits until this payout may be begun: one that waits long for its turn is better PENDING than SENDING. */
  async place({ channel, mchId, state }: Payout, urgent: boolean): Promise<Place> {
    const leave = await this.rates.enter(channel, mchId, state === 'PENDING' ? 'send' : 'query', urgent);
    return { leave };
  }

  /** Waits for a turn and has the exchange. Throws Transient when the lease ran out before its turn came: then nothing was said. */
  async run(exchange: Exchange, place?: Place): Promise<Ended> {
    const { act, payoutKey, attemptNo, request } = exchange;
    const begunAt = performance.now();
    await this.rates.pass(request.channel, request.mchId, act).finally(() => place?.leave());
    if (performance.now() - begunAt > this.config.waits.payoutLeaseMs) throw new Transient('its turn came too late');
    const channel = this.channels.of(request.channel);
    const outcome = await this.say(exchange);
    const { meaning } = outcome;
    this.logger.info({ payoutKey, act, attemptNo, meaning: meaning.kind }, 'payout.exchange');
    this.rates.heed(request.channel, request.mchId, act, meaning);
    return { exchange, outcome, packageExpected: channel.handsOutPackage };
  }

  private say({ act, request }: Exchange): Promise<Outcome> {
    const channel = this.channels.of(request.channel);
    if (act === 'send') return channel.send(request);
    if (act === 'query') return channel.query(request);
    if (!channel.cancel) throw new Defect(`${channel.name} has no cancel`);
    return channel.cancel(request);
  }
}
