import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { TransferBillsApi, type TransferBillRequest, type WireReply } from '@app/wechat';
import { outcomeOf, text } from './reply-meaning';
import type { FrozenRequest, Meaning, Outcome, PayoutChannel, PrepareParams } from './payout-channel';
import { TRANSFER_PERCEPTION, TRANSFER_REMARK, TRANSFER_REPORT, TRANSFER_SCENE } from './transfer-words';
import type { ErrorTable } from './error-table';
import { TRANSFER_CANCEL_ERRORS, TRANSFER_QUERY_ERRORS, TRANSFER_SEND_ERRORS, TRANSFER_STATES } from './transfer.table';

export const TRANSFER_NOTIFY_PATH = '/v1/wechat/notify/transfers';

/** WeChat closes a bill that nobody confirms after a day. */
export const CONFIRM_WITHIN_MS = 24 * 3_600_000;

/** 商家转账 where the person confirms the receipt: the bill is made when the person taps 收款. */
@Injectable()
export class TransferConfirmChannel implements PayoutChannel {
  readonly name = 'transfer_confirm_v3';
  readonly handsOutPackage = true;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly api: TransferBillsApi,
  ) {}

  prepare({ billNo, mchId, amountFen, openid }: PrepareParams): FrozenRequest {
    const body: TransferBillRequest = {
      appid: this.config.wechat.appId,
      out_bill_no: billNo,
      transfer_scene_id: TRANSFER_SCENE,
      openid,
      transfer_amount: amountFen,
      transfer_remark: TRANSFER_REMARK,
      notify_url: `${this.config.wechat.notifyUrl}${TRANSFER_NOTIFY_PATH}`,
      user_recv_perception: TRANSFER_PERCEPTION,
      transfer_scene_report_infos: TRANSFER_REPORT,
    };
    return { channel: this.name, mchId, billNo, amountFen, openid, body: { ...body } };
  }

  async send(request: FrozenRequest): Promise<Outcome> {
    const reply = await this.api.create(request.mchId, request.body as unknown as TransferBillRequest);
    return this.read(reply, request, TRANSFER_SEND_ERRORS);
  }

  async query(request: FrozenRequest): Promise<Outcome> {
    return this.read(await this.api.query(request.mchId, request.billNo), request, TRANSFER_QUERY_ERRORS);
  }

  /** Whatever WeChat says to this, only a query tells how the bill ended. */
  async cancel(request: FrozenRequest): Promise<Outcome> {
    const reply = await this.api.cancel(request.mchId, request.billNo);
    const outcome = this.read(reply, request, TRANSFER_CANCEL_ERRORS);
    return outcome.meaning.kind === 'failed' ? { ...outcome, meaning: { kind: 'in_flight' } } : outcome;
  }

  private read(reply: WireReply, request: FrozenRequest, errors: ErrorTable): Outcome {
    return outcomeOf(reply, errors, (body) => meaningOf(body, request), 'transfer_bill_no');
  }
}

function meaningOf(body: Readonly<Record<string, unknown>>, request: FrozenRequest): Meaning {
  const difference = differenceOf(body, request);
  if (difference) return { kind: 'mismatch', why: `another_${difference}` };
  const state = text(body.state) ?? '';
  const kind = Object.hasOwn(TRANSFER_STATES, state) ? TRANSFER_STATES[state] : undefined;
  switch (kind) {
    case 'succeeded':
    case 'in_flight':
      return { kind };
    case 'wait_user':
      return { kind, package: text(body.package_info), expiresAt: expiryOf(body.create_time) };
    case 'failed':
      return { kind, why: text(body.fail_reason) ?? state };
    default:
      return { kind: 'unknown', why: `state_${state.slice(0, 32)}`, alarm: true };
  }
}

/** A reply names the bill always, amount, person and merchant sometimes: what is named must be ours. */
export function differenceOf(body: Readonly<Record<string, unknown>>, request: FrozenRequest): string | null {
  const differs = (field: string, ours: unknown): boolean => body[field] !== undefined && body[field] !== ours;
  if (differs('out_bill_no', request.billNo)) return 'bill';
  if (differs('transfer_amount', request.amountFen)) return 'amount';
  if (differs('openid', request.openid)) return 'person';
  if (differs('mch_id', request.mchId) || differs('appid', request.body.appid)) return 'merchant';
  return null;
}

function expiryOf(createTime: unknown): Date | null {
  const at = Date.parse(text(createTime) ?? '');
  return Number.isNaN(at) ? null : new Date(at + CONFIRM_WITHIN_MS);
}
