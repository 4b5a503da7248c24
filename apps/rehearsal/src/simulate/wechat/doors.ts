import type { RedpackRequest, TransferBillRequest, WireReply } from '@app/wechat';
import type { Chance } from '../time/chance';
import { isEnd, type Created, type Platform, type Standing, type WechatBill } from './platform';
import { failure, success, type ErrorWords, type Wire } from './wire';

const V3: ErrorWords = { busy: 'SYSTEM_ERROR', tooFast: 'FREQUENCY_LIMITED' };
const V2: ErrorWords = { busy: 'SYSTEMERROR', tooFast: 'FREQ_LIMIT' };
const SHANGHAI_MS = 8 * 3_600_000;

/** The world's WeChat as the doors of this process see it; another one for every seed. */
export interface WechatWorld {
  readonly platform: Platform;
  readonly wire: Wire;
  readonly chance: Chance;
  readonly appId: string;
  /** How often an answer to a question names another amount or person than the bill's. */
  readonly lies: ReadonlyMap<'amount' | 'person', number>;
}

/** In place of `TransferBillsApi`: the same questions and answers, without keys and signatures. */
export class TransferDoor {
  constructor(
    private readonly process: string,
    private readonly world: () => WechatWorld,
  ) {}

  create(mchId: string, request: TransferBillRequest): Promise<WireReply> {
    const { platform, wire, chance } = this.world();
    return wire.exchange(this.process, 'create', V3, () => {
      const created = platform.create({
        kind: 'transfer',
        billNo: request.out_bill_no,
        mchId,
        openid: request.openid,
        fen: request.transfer_amount,
        request: `${mchId} ${JSON.stringify(request)}`,
      });
      return createdReply(created, platform, chance);
    });
  }

  /** Nobody of this world has agreed to be paid silently. */
  transfer(): Promise<WireReply> {
    return this.world().wire.exchange(this.process, 'transfer', V3, () => failure(403, 'NO_AUTH'));
  }

  query(mchId: string, billNo: string): Promise<WireReply> {
    const { platform, wire, appId } = this.world();
    return wire.exchange(this.process, 'query', V3, () => {
      const found = platform.find(billNo);
      if (!found) return failure(404, 'NOT_FOUND');
      const { bill, standing } = found;
      const { fen, openid } = told(bill, this.world());
      return success({
        ...base(bill, standing),
        mch_id: mchId,
        appid: appId,
        transfer_amount: fen,
        openid,
        update_time: timeText(standing.at),
      });
    });
  }

  cancel(_mchId: string, billNo: string): Promise<WireReply> {
    const { platform, wire } = this.world();
    return wire.exchange(this.process, 'cancel', V3, () => {
      const bill = platform.bills.get(billNo);
      if (!bill) return failure(404, 'NOT_FOUND');
      if (isEnd(platform.standing(bill).state)) return failure(400, 'INVALID_REQUEST');
      const { state, at } = platform.cancel(bill);
      return success({ out_bill_no: billNo, transfer_bill_no: `1330${billNo}`, state, update_time: timeText(at) });
    });
  }
}

function createdReply(created: Created, platform: Platform, chance: Chance): WireReply {
  if (created === 'not_enough') return failure(403, 'NOT_ENOUGH');
  if (created === 'other_data') return failure(400, 'INVALID_REQUEST');
  const { bill, again } = created;
  const standing = platform.standing(bill);
  const carries = !again || chance.happens(platform.manners.packageAgain);
  const pack = standing.state === 'WAIT_USER_CONFIRM' && carries ? { package_info: bill.package } : {};
  return success({ ...base(bill, standing), ...pack });
}

const OTHER_FEN = 7;

/** Amount and person as WeChat's answer has them. */
function told({ fen, openid }: WechatBill, { chance, lies }: WechatWorld): Pick<WechatBill, 'fen' | 'openid'> {
  return {
    fen: chance.happens(lies.get('amount') ?? 0) ? OTHER_FEN : fen,
    openid: chance.happens(lies.get('person') ?? 0) ? 'o-somebody-else' : openid,
  };
}

function base(bill: WechatBill, { state, why }: Standing): Record<string, unknown> {
  return {
    out_bill_no: bill.billNo,
    transfer_bill_no: `1330${bill.billNo}`,
    create_time: timeText(bill.createdAt),
    state,
    ...(why === null ? {} : { fail_reason: why }),
  };
}

function timeText(at: number): string {
  return `${new Date(at + SHANGHAI_MS).toISOString().slice(0, 19)}+08:00`;
}

/** In place of `RedpackApi`. */
export class PacketDoor {
  constructor(
    private readonly process: string,
    private readonly world: () => WechatWorld,
  ) {}

  send(mchId: string, request: RedpackRequest): Promise<WireReply> {
    const { platform, wire } = this.world();
    return wire.exchange(this.process, 'packet', V2, () => {
      const created = platform.create({
        kind: 'packet',
        billNo: request.mch_billno,
        mchId,
        openid: request.re_openid,
        fen: Number(request.total_amount),
        request: `${mchId} ${JSON.stringify(request)}`,
      });
      if (created === 'not_enough') return failure(200, 'NOTENOUGH');
      if (created === 'other_data') return failure(200, 'FATAL_ERROR');
      const { mch_billno, wxappid, re_openid, total_amount } = request;
      const said = { return_code: 'SUCCESS', result_code: 'SUCCESS', mch_billno, mch_id: mchId, wxappid };
      return success({ ...said, re_openid, total_amount, send_listid: `1000${mch_billno}` });
    });
  }

  query(mchId: string, billNo: string): Promise<WireReply> {
    const { platform, wire } = this.world();
    return wire.exchange(this.process, 'packet query', V2, () => {
      const found = platform.find(billNo);
      if (!found) return failure(200, 'NOT_FOUND');
      const { bill, standing } = found;
      const { fen, openid } = told(bill, this.world());
      const said = { return_code: 'SUCCESS', result_code: 'SUCCESS', mch_billno: billNo, mch_id: mchId };
      return success({
        ...said,
        status: standing.state,
        detail_id: `1000${billNo}`,
        total_amount: String(fen),
        openid,
      });
    });
  }
}
