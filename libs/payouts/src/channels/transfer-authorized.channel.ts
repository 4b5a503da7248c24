import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { TransferBillsApi, type AuthorizedTransferRequest, type WireReply } from '@app/wechat';
import { outcomeOf, text } from './reply-meaning';
import type { FrozenRequest, Meaning, Outcome, PayoutChannel, PrepareParams } from './payout-channel';
import { TRANSFER_PERCEPTION, TRANSFER_REMARK, TRANSFER_REPORT, TRANSFER_SCENE } from './transfer-words';
import { differenceOf, TRANSFER_NOTIFY_PATH } from './transfer-confirm.channel';
import { AUTHORIZED_STATES, TRANSFER_QUERY_ERRORS, TRANSFER_SEND_ERRORS } from './transfer.table';
import type { ErrorTable } from './error-table';

/** Reason of a bill that failed because nobody may be paid silently under it any more. */
export const AUTHORISATION_CLOSED = 'AUTHORISATION_CLOSED';

/** 商家转账 to a person who agreed once (免确认收款授权): the money arrives without a tap. */
@Injectable()
export class TransferAuthorizedChannel implements PayoutChannel {
  readonly name = 'transfer_authorized_v3';
  readonly handsOutPackage = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly api: TransferBillsApi,
  ) {}

  prepare({ billNo, mchId, amountFen, openid, authorizationNo }: PrepareParams): FrozenRequest {
    const body: AuthorizedTransferRequest = {
      appid: this.config.wechat.appId,
      out_bill_no: billNo,
      transfer_scene_id: TRANSFER_SCENE,
      out_authorization_no: authorizationNo ?? '',
      transfer_amount: amountFen,
      transfer_remark: TRANSFER_REMARK,
      notify_url: `${this.config.wechat.notifyUrl}${TRANSFER_NOTIFY_PATH}`,
      user_recv_perception: TRANSFER_PERCEPTION,
      transfer_scene_report_infos: TRANSFER_REPORT,
    };
    return { channel: this.name, mchId, billNo, amountFen, openid, body: { ...body } };
  }

  /** A request without an agreement never leaves: there is none to pay under, and there never was a bill. */
  async send(request: FrozenRequest): Promise<Outcome> {
    const body = request.body as unknown as AuthorizedTransferRequest;
    if (body.out_authorization_no === '') return neverSent();
    const outcome = this.read(await this.api.transfer(request.mchId, body), request, TRANSFER_SEND_ERRORS);
    return mayBeClosed(outcome.meaning) ? this.unlessClosed(request, body.out_authorization_no, outcome) : outcome;
  }

  async query(request: FrozenRequest): Promise<Outcome> {
    return this.read(await this.api.query(request.mchId, request.billNo), request, TRANSFER_QUERY_ERRORS);
  }

  /** WeChat refused, and its codes do not tell why. When it also says that the agreement has ended, no send of this bill can succeed. */
  private async unlessClosed(request: FrozenRequest, authorizationNo: string, outcome: Outcome): Promise<Outcome> {
    const reply = await this.api.queryAuthorisation(request.mchId, authorizationNo);
    const closed =
      !reply.noReply &&
      reply.code === null &&
      reply.body.out_authorization_no === authorizationNo &&
      reply.body.state === 'CLOSED';
    if (!closed) return outcome;
    return { ...outcome, meaning: { kind: 'refused', why: AUTHORISATION_CLOSED } };
  }

  private read(reply: WireReply, request: FrozenRequest, errors: ErrorTable): Outcome {
    return outcomeOf(reply, errors, (body) => meaningOf(body, request), 'transfer_bill_no');
  }
}

function mayBeClosed(meaning: Meaning): boolean {
  return meaning.kind === 'channel_blocked' || (meaning.kind === 'unknown' && meaning.alarm);
}

function neverSent(): Outcome {
  // Refused and not failed: before a database was set back this number may have gone out, so a query has to agree.
  const meaning: Meaning = { kind: 'refused', why: AUTHORISATION_CLOSED };
  return { meaning, evidence: 'no agreement of the person: nothing was sent', notAccepted: true, providerNo: null };
}

function meaningOf(body: Readonly<Record<string, unknown>>, request: FrozenRequest): Meaning {
  const difference = differenceOf(body, request);
  if (difference) return { kind: 'mismatch', why: `another_${difference}` };
  const state = text(body.state) ?? '';
  const kind = Object.hasOwn(AUTHORIZED_STATES, state) ? AUTHORIZED_STATES[state] : undefined;
  switch (kind) {
    case 'succeeded':
    case 'in_flight':
      return { kind };
    case 'failed':
      return { kind, why: text(body.fail_reason) ?? state };
    default:
      return { kind: 'unknown', why: `state_${state.slice(0, 32)}`, alarm: true };
  }
}
