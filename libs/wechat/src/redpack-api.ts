import { Injectable } from '@nestjs/common';
import { PaymentWire } from './payment-wire';
import type { WireReply } from './wire-reply';

/** Business fields of sendredpack; nonce and sign are added at each attempt. `total_amount` in fen, as decimal text. */
export interface RedpackRequest {
  readonly mch_billno: string;
  readonly wxappid: string;
  readonly send_name: string;
  readonly act_name: string;
  readonly re_openid: string;
  readonly total_amount: string;
  readonly total_num: '1';
  readonly wishing: string;
  readonly remark: string;
  readonly client_ip: string;
  readonly scene_id?: string;
}

/** 现金红包, API v2 over mutual TLS. There is no callback: ask `query`. */
@Injectable()
export class RedpackApi {
  constructor(private readonly wire: PaymentWire) {}

  /** Re-entrant under the same mch_billno, openid and amount. */
  send(mchId: string, request: RedpackRequest): Promise<WireReply> {
    return this.wire.of(mchId).v2('mmpaymkttransfers/sendredpack', { mch_id: mchId, ...request });
  }

  query(mchId: string, mchBillno: string): Promise<WireReply> {
    const wire = this.wire.of(mchId);
    return wire.v2('mmpaymkttransfers/gethbinfo', {
      mch_id: mchId,
      mch_billno: mchBillno,
      appid: wire.appId,
      bill_type: 'MCHT',
    });
  }
}
