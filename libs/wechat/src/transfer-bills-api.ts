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

/** Body of a silent transfer: no openid, the agreement names the person. */
export interface AuthorizedTransferRequest extends Omit<TransferBillRequest, 'openid'> {
  readonly out_authorization_no: string;
}

/** Body of 发起免确认收款授权. */
export interface AuthorizationRequest {
  readonly out_authorization_no: string;
  readonly appid: string;
  readonly openid: string;
  readonly transfer_scene_id: string;
  /** 1 to 32 characters without emoji: tells the person which account of ours this is. */
  readonly user_display_name: string;
  readonly user_recv_perception?: string;
  readonly authorization_notify_url: string;
}

const AUTHORIZATIONS = 'v3/fund-app/mch-transfer/user-confirm-authorization';
const PATH = 'v3/fund-app/mch-transfer/transfer-bills';

/** 商家转账 with the user's confirmation of each bill or of all of them once, APIv3. Says what WeChat said; `payouts` decides what it means. */
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

  /** Pays under an agreement. Re-entrant as `create` is. */
  transfer(mchId: string, request: AuthorizedTransferRequest): Promise<WireReply> {
    return this.wire.of(mchId).v3('post', `${PATH}/transfer`, { ...request });
  }

  /** Asks the person for an agreement; re-entrant under the same number. The answer carries the package of the page. */
  authorise(mchId: string, request: AuthorizationRequest): Promise<WireReply> {
    return this.wire.of(mchId).v3('post', AUTHORIZATIONS, { ...request });
  }

  /** `is_display_authorization` asks for the package again while the person has not decided. */
  queryAuthorisation(mchId: string, outAuthorizationNo: string): Promise<WireReply> {
    const path = `${AUTHORIZATIONS}/out-authorization-no/${outAuthorizationNo}?is_display_authorization=true`;
    return this.wire.of(mchId).v3('get', path);
  }

  /** Ends an agreement: query afterwards. */
  closeAuthorisation(mchId: string, outAuthorizationNo: string): Promise<WireReply> {
    return this.wire.of(mchId).v3('post', `${AUTHORIZATIONS}/out-authorization-no/${outAuthorizationNo}/close`);
  }
}
