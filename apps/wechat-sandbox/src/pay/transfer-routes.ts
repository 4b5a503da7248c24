import type { FastifyInstance } from 'fastify';
import type { Settings } from '../settings';
import { rawBody } from '../web-server';
import { isTerminal, type Bill } from '../world/bill';
import { rfc3339 } from '../world/clock';
import { isRefusal, refusal } from './refusal';
import type { Act, SignedRoutes } from './signed-route';
import { readSilentOrder, readTransferOrder } from './transfer-order';
import type { Transfers } from './transfers';

const BILLS = '/v3/fund-app/mch-transfer/transfer-bills';
const NO_CERTIFICATES =
  '无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥。可查看指引https://pay.weixin.qq.com/doc/v3/merchant/4012153196';
const NO_BATCHES = '当前商户号接入升级版本功能，暂不支持使用升级前功能，请前往商户平台-产品中心-商家转账查看';

export interface TransferParts {
  settings: Settings;
  transfers: Transfers;
  v3: SignedRoutes;
}

/** The v3 paths of 商家转账 on the pay server. */
export function transferRoutes(app: FastifyInstance, { settings, transfers, v3 }: TransferParts): void {
  const { signed } = v3;
  const create: Act = (merchant, request, fault) => {
    const order = readTransferOrder(rawBody(request), settings.platform.privateKey);
    if (isRefusal(order)) return order;
    request.note = { mchId: merchant.mchId, outBillNo: order.out_bill_no, amountFen: order.transfer_amount };
    const bill = transfers.create(merchant.mchId, order, fault);
    return isRefusal(bill) ? bill : created(bill, transfers.packageInfo(bill));
  };
  const createSilently: Act = (merchant, request, fault) => {
    const order = readSilentOrder(rawBody(request), settings.platform.privateKey);
    if (isRefusal(order)) return order;
    request.note = { mchId: merchant.mchId, outBillNo: order.out_bill_no, amountFen: order.transfer_amount };
    const bill = transfers.createSilently(merchant.mchId, order, fault);
    return isRefusal(bill) ? bill : created(bill, undefined);
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

  const perSend = (): number => settings.limits.transferPerSecond;
  const perQuery = (): number => settings.limits.transferQueryPerSecond;
  app.post(BILLS, signed('transfer.create', perSend, 'FREQUENCY_LIMITED', create));
  app.post(`${BILLS}/transfer`, signed('transfer.authorized', perSend, 'FREQUENCY_LIMITED', createSilently));
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
  app.get('/v3/certificates', v3.guarded(refusal(404, 'RESOURCE_NOT_EXISTS', NO_CERTIFICATES)));
  app.post('/v3/transfer/batches', v3.guarded(refusal(403, 'NO_AUTH', NO_BATCHES)));
  app.setNotFoundHandler(v3.missing());
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
