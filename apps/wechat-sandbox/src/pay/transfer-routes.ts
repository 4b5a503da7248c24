import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Answer, Exchange } from '../control/exchange';
import { send } from '../control/exchange';
import type { Fault, FaultScope } from '../control/faults';
import { RateMeter } from '../limits';
import type { Merchant, Settings } from '../settings';
import { rawBody } from '../web-server';
import { isTerminal, type Bill } from '../world/bill';
import { rfc3339 } from '../world/clock';
import type { Store } from '../world/store';
import { isRefusal, refusal, type Refusal } from './refusal';
import { readTransferOrder } from './transfer-order';
import type { Transfers } from './transfers';
import { V3Door, V3Wire } from './v3-wire';

const BILLS = '/v3/fund-app/mch-transfer/transfer-bills';
const NO_CERTIFICATES =
  '无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥。可查看指引https://pay.weixin.qq.com/doc/v3/merchant/4012153196';

type Act = (merchant: Merchant, request: FastifyRequest, fault: Fault | undefined) => object;

export interface TransferParts {
  store: Store;
  settings: Settings;
  transfers: Transfers;
  exchange: Exchange;
}

/** The v3 paths of the pay server. */
export function transferRoutes(app: FastifyInstance, { store, settings, transfers, exchange }: TransferParts): void {
  const wallNow = (): number => store.wallNow();
  const door = new V3Door(settings.merchants, wallNow);
  const wire = new V3Wire(settings.platform, wallNow);
  const meter = new RateMeter();

  const signed =
    (scope: FaultScope, perSecond: () => number, tooFast: string, act: Act) =>
    async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
      const { method, headers, raw } = request;
      const merchant = door.enter(method, raw.url ?? '', headers.authorization, rawBody(request));
      if (isRefusal(merchant)) return send(reply, await wire.seal(wire.refuse(merchant), request));
      request.note = { mchId: merchant.mchId };
      await exchange.run(scope, wire, request, reply, (fault): Answer => {
        const allowed = meter.allow(`${scope}|${merchant.mchId}`, perSecond(), wallNow());
        const result = allowed ? act(merchant, request, fault) : refusal(429, tooFast, '频率超限，请降低请求频率');
        return isRefusal(result) ? wire.refuse(result) : wire.answer(result);
      });
      return undefined;
    };

  const create: Act = (merchant, request, fault) => {
    const order = readTransferOrder(rawBody(request), settings.platform.privateKey);
    if (isRefusal(order)) return order;
    request.note = { mchId: merchant.mchId, outBillNo: order.out_bill_no, amountFen: order.transfer_amount };
    const bill = transfers.create(merchant.mchId, order, fault);
    return isRefusal(bill) ? bill : created(bill, transfers.packageInfo(bill));
  };
  const query =
    (find: (mchId: string, number: string) => Bill | undefined): Act =>
    (merchant, request) => {
      const { number } = request.params as { number: string };
      request.note = { mchId: merchant.mchId, number };
      const bill = find(merchant.mchId, number);
      return bill === undefined ? refusal(404, 'NOT_FOUND', '记录不存在') : queried(bill);
    };
  const cancel: Act = (merchant, request) => {
    const { number } = request.params as { number: string };
    request.note = { mchId: merchant.mchId, outBillNo: number };
    const bill = transfers.cancel(merchant.mchId, number);
    return isRefusal(bill) ? bill : cancelled(bill);
  };

  const perQuery = (): number => settings.limits.transferQueryPerSecond;
  app.post(
    BILLS,
    signed('transfer.create', () => settings.limits.transferPerSecond, 'FREQUENCY_LIMITED', create),
  );
  app.get(
    `${BILLS}/out-bill-no/:number`,
    signed(
      'transfer.query',
      perQuery,
      'FREQUENCY_LIMITED',
      query((mchId, number) => transfers.find(mchId, number)),
    ),
  );
  app.get(
    `${BILLS}/transfer-bill-no/:number`,
    signed(
      'transfer.query',
      perQuery,
      'FREQUENCY_LIMITED',
      query((mchId, no) => transfers.findByPlatformNo(mchId, no)),
    ),
  );
  app.post(
    `${BILLS}/out-bill-no/:number/cancel`,
    signed('transfer.cancel', () => settings.limits.transferCancelPerSecond, 'FREQUENCY_LIMIT_EXCEED', cancel),
  );
  // In public-key mode there are no platform certificates; the old batch product is not open to this merchant.
  app.get('/v3/certificates', guarded(refusal(404, 'RESOURCE_NOT_EXISTS', NO_CERTIFICATES)));
  app.post(
    '/v3/transfer/batches',
    guarded(
      refusal(
        403,
        'NO_AUTH',
        '当前商户号接入升级版本功能，暂不支持使用升级前功能，请前往商户平台-产品中心-商家转账查看',
      ),
    ),
  );
  app.setNotFoundHandler(async (request, reply) => {
    const missing = wire.refuse(refusal(404, 'RESOURCE_NOT_EXISTS', '请求的资源不存在'));
    send(reply, await wire.seal(missing, request));
  });

  function guarded(answer: Refusal) {
    return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
      const { method, headers, raw } = request;
      const merchant = door.enter(method, raw.url ?? '', headers.authorization, rawBody(request));
      send(reply, await wire.seal(wire.refuse(isRefusal(merchant) ? merchant : answer), request));
    };
  }
}

function created(bill: Bill, packageInfo: string | undefined): object {
  return {
    out_bill_no: bill.outBillNo,
    transfer_bill_no: bill.platformNo,
    create_time: rfc3339(bill.createdAt),
    state: bill.state,
    fail_reason: isTerminal(bill.state) ? bill.failReason : undefined,
    package_info: packageInfo,
  };
}

function queried(bill: Bill): object {
  return {
    mch_id: bill.mchId,
    out_bill_no: bill.outBillNo,
    transfer_bill_no: bill.platformNo,
    appid: bill.appId,
    state: bill.state,
    transfer_amount: bill.amountFen,
    transfer_remark: bill.details.remark,
    fail_reason: isTerminal(bill.state) ? bill.failReason : undefined,
    openid: bill.openid,
    user_name: bill.details.userName,
    create_time: rfc3339(bill.createdAt),
    update_time: rfc3339(bill.updatedAt),
  };
}

function cancelled(bill: Bill): object {
  return {
    out_bill_no: bill.outBillNo,
    transfer_bill_no: bill.platformNo,
    state: bill.state,
    update_time: rfc3339(bill.updatedAt),
  };
}
