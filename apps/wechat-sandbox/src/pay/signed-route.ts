import type { FastifyReply, FastifyRequest } from 'fastify';
import { send, type Answer, type Exchange } from '../control/exchange';
import type { Fault, FaultScope } from '../control/faults';
import { RateMeter } from '../limits';
import type { Merchant, Settings } from '../settings';
import { rawBody } from '../web-server';
import type { Store } from '../world/store';
import { isRefusal, refusal, type Refusal } from './refusal';
import { V3Door, V3Wire } from './v3-wire';

/** What a v3 path does for a merchant that was let in: a document, or a Refusal. */
export type Act = (merchant: Merchant, request: FastifyRequest, fault: Fault | undefined) => object;
type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** A path behind signature check, rate limit and faults. `tooFast` is the code above the limit. */
export type SignedRoute = (scope: FaultScope, perSecond: () => number, tooFast: string, act: Act) => Handler;

/** The one door of the v3 paths: every answer that leaves is signed, refusals included. */
export class SignedRoutes {
  private readonly door: V3Door;
  private readonly wire: V3Wire;
  private readonly meter = new RateMeter();

  constructor(
    private readonly store: Store,
    settings: Settings,
    private readonly exchange: Exchange,
  ) {
    this.door = new V3Door(settings.merchants, () => store.wallNow());
    this.wire = new V3Wire(settings.platform, () => store.wallNow());
  }

  readonly signed: SignedRoute =
    (scope, perSecond, tooFast, act) =>
    async (request, reply): Promise<void> => {
      const merchant = this.enter(request);
      if (isRefusal(merchant)) return send(reply, await this.wire.seal(this.wire.refuse(merchant), request));
      request.note = { mchId: merchant.mchId };
      await this.exchange.run(scope, this.wire, request, reply, (fault): Answer => {
        const allowed = this.meter.allow(`${scope}|${merchant.mchId}`, perSecond(), this.store.wallNow());
        const result = allowed ? act(merchant, request, fault) : refusal(429, tooFast, '频率超限，请降低请求频率');
        return isRefusal(result) ? this.wire.refuse(result) : this.wire.answer(result);
      });
    };

  /** A path that checks the signature and then always says the same. */
  guarded(answer: Refusal): Handler {
    return async (request, reply) => {
      const merchant = this.enter(request);
      send(reply, await this.wire.seal(this.wire.refuse(isRefusal(merchant) ? merchant : answer), request));
    };
  }

  /** A path that does not exist; nobody has to sign for that. */
  missing(): Handler {
    const answer = this.wire.refuse(refusal(404, 'RESOURCE_NOT_EXISTS', '请求的资源不存在'));
    return async (request, reply) => send(reply, await this.wire.seal(answer, request));
  }

  private enter(request: FastifyRequest): Merchant | Refusal {
    const { method, headers, raw } = request;
    return this.door.enter(method, raw.url ?? '', headers.authorization, rawBody(request));
  }
}
