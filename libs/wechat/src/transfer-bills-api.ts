import { Injectable } from '@nestjs/common';
import { PaymentWire } from './payment-wire';
import type { WireReply } from './wire-reply';

/** Body of a create, exactly as it is sent and signed. `transfer_amount` in fen. */
export interface TransferBillRequest {
  readonly appid: string;
  readonly out_bill_no: string;
  readonly transfer_scene_id: string;
  readonly openid: string;
  readonly transfer_amount: number;
  readonly transfer_remark: string;
  readonly notify_url: string;
  readonly user_recv_perception?: string;
  readonly transfer_scene_report_infos: readonly { readonly info_type: string; readonly info_content: string }[];
}

const PATH = 'v3/fund-app/mch-transfer/transfer-bills';

/** 商家转账 with the user's confirmation, APIv3. Says what WeChat said; `payouts` decides what it means. */
@Injectable()
export class TransferBillsApi {
  constructor(private readonly wire: PaymentWire) {}

  /** Re-entrant under the same out_bill_no and byte-identical parameters. */
  create(mchId: string, request: TransferBillRequest): Promise<WireReply> {
    return this.wire.of(mchId).v3('post', PATH, { ...request });
  }

  query(mchId: string, outBillNo: string): Promise<WireReply> {
    return this.wire.of(mchId).v3('get', `${PATH}/out-bill-no/${outBillNo}`);
  }

  /** Accepted is not done: query afterwards. */
  cancel(mchId: string, outBillNo: string): Promise<WireReply> {
    return this.wire.of(mchId).v3('post', `${PATH}/out-bill-no/${outBillNo}/cancel`, {});
  }
}
