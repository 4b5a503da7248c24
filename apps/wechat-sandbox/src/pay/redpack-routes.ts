import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { send, type Answer, type Exchange } from '../control/exchange';
import type { Fault, FaultScope } from '../control/faults';
import { RateMeter } from '../limits';
import type { Merchant, Settings } from '../settings';
import { rawBody } from '../web-server';
import type { Bill } from '../world/bill';
import { beijingTime } from '../world/clock';
import type { Store } from '../world/store';
import { readRedpackOrder } from './redpack-order';
import type { Redpacks } from './redpacks';
import { certifiedMerchant, md5Sign, readXml, V2Wire, type Fields, type V2Failure } from './v2-wire';

export interface RedpackParts {
  store: Store;
  settings: Settings;
  redpacks: Redpacks;
  exchange: Exchange;
}

interface Entered {
  merchant: Merchant;
  fields: Fields;
}

const wire = new V2Wire();

/** The v2 paths of the pay server. */
export function redpackRoutes(app: FastifyInstance, { store, settings, redpacks, exchange }: RedpackParts): void {
  const meter = new RateMeter();

  const guarded =
    (scope: FaultScope, perSecond: () => number, act: (entered: Entered, fault?: Fault) => Answer) =>
    async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
      const entered = enter(request, settings);
      if ('code' in entered) return send(reply, wire.refuse(entered));
      const { merchant, fields } = entered;
      request.note = { mchId: merchant.mchId, outBillNo: fields['mch_billno'], amountFen: fields['total_amount'] };
      await exchange.run(scope, wire, request, reply, (fault) => {
        if (meter.allow(`${scope}|${merchant.mchId}`, perSecond(), store.wallNow())) return act(entered, fault);
        return wire.failure('rate_limited');
      });
    };

  app.post(
    '/mmpaymkttransfers/sendredpack',
    guarded(
      'sendredpack',
      () => settings.limits.redpackPerSecond,
      ({ merchant, fields }, fault) => {
        const order = readRedpackOrder(fields, settings.limits, settings.redpackScenes);
        const result = 'code' in order ? order : redpacks.send(merchant.mchId, order, fault);
        if ('code' in result) return wire.refuse(result, echo(fields));
        return wire.answer({
          err_code: 'SUCCESS',
          err_code_des: '发放成功',
          ...echo(fields),
          send_listid: result.platformNo,
        });
      },
    ),
  );
  app.post(
    '/mmpaymkttransfers/gethbinfo',
    guarded(
      'gethbinfo',
      () => settings.limits.redpackQueryPerSecond,
      ({ merchant, fields }, fault) => {
        if (fields['bill_type'] !== 'MCHT') return wire.refuse({ code: 'PARAM_ERROR', message: 'bill_type参数错误' });
        if (fields['appid'] !== settings.appId) return wire.refuse({ code: 'PARAM_ERROR', message: 'appid参数错误' });
        const bill = redpacks.find(merchant.mchId, fields['mch_billno'] ?? '');
        return bill === undefined ? wire.failure('not_found') : packetInfo(bill, fault?.kind === 'missing_hblist');
      },
    ),
  );
}

/** Certificate, XML, merchant binding and signature, in the order the gateway looks at them. */
function enter(request: FastifyRequest, settings: Settings): Entered | V2Failure {
  const certified = certifiedMerchant(request);
  if (certified === undefined) {
    return { transport: true, code: 'CA_ERROR', message: '证书出错，请登录微信支付商户平台下载证书' };
  }
  const fields = readXml(rawBody(request));
  if (fields === undefined) return { transport: true, code: 'XML_ERROR', message: '输入xml参数格式错误' };
  const merchant = settings.merchants.get(fields['mch_id'] ?? '');
  if (merchant === undefined || merchant.mchId !== certified) {
    return { transport: true, code: 'CA_ERROR', message: '请求携带的证书与商户号不一致' };
  }
  if (fields['sign'] !== md5Sign(fields, merchant.apiV2Key)) {
    return { transport: true, code: 'SIGN_ERROR', message: '签名错误' };
  }
  return { merchant, fields };
}

function echo(fields: Fields): Record<string, string | undefined> {
  const { mch_billno, mch_id, wxappid, re_openid, total_amount } = fields;
  return { mch_billno, mch_id, wxappid, re_openid, total_amount };
}

function packetInfo(bill: Bill, withoutList: boolean): Answer {
  const received = bill.state === 'RECEIVED';
  const answer = wire.answer({
    mch_billno: bill.outBillNo,
    mch_id: bill.mchId,
    detail_id: bill.platformNo,
    status: bill.state,
    send_type: 'API',
    hb_type: 'NORMAL',
    total_num: 1,
    total_amount: bill.amountFen,
    reason: bill.state === 'SENDING' || bill.state === 'FAILED' ? bill.failReason : undefined,
    send_time: beijingTime(bill.createdAt),
    refund_time: bill.state === 'REFUND' ? beijingTime(bill.updatedAt) : undefined,
    refund_amount: bill.state === 'REFUND' ? bill.amountFen : undefined,
    wishing: bill.details.wishing,
    remark: bill.details.remark,
    act_name: bill.details.actName,
  });
  if (!received || withoutList) return answer;
  const packet = `<openid><![CDATA[${bill.openid}]]></openid><amount>${bill.amountFen}</amount><rcv_time><![CDATA[${beijingTime(bill.updatedAt)}]]></rcv_time>`;
  return { ...answer, body: answer.body.replace('</xml>', `<hblist><hbinfo>${packet}</hbinfo></hblist>\n</xml>`) };
}
