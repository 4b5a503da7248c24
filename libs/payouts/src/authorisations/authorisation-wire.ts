import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { TransferBillsApi, type AuthorizationRequest, type WireReply } from '@app/wechat';
import { reactionTo, type ErrorTable } from '../channels/error-table';
import { CERTIFICATE_EXPIRED } from '../channels/payout-channel';
import { text } from '../channels/reply-meaning';
import { CONFIRM_WITHIN_MS } from '../channels/transfer-confirm.channel';
import {
  AUTHORISATION_ASK_ERRORS,
  AUTHORISATION_CLOSE_ERRORS,
  AUTHORISATION_LOOK_ERRORS,
} from '../channels/transfer.table';
import { TRANSFER_PERCEPTION, TRANSFER_SCENE } from '../channels/transfer-words';
import type { AuthorisationAct, AuthorisationMeaning } from './authorisation-step';

export const AUTHORISATION_NOTIFY_PATH = '/v1/wechat/notify/authorisations';

/** The request of one agreement, stored before the first byte is sent; every attempt is built from it. */
export interface FrozenAuthorisation {
  readonly mchId: string;
  readonly body: AuthorizationRequest;
}

const STATES: Readonly<Record<string, 'WAIT_USER' | 'TAKING_EFFECT' | 'CLOSED'>> = {
  WAIT_USER_CONFIRM: 'WAIT_USER',
  TAKING_EFFECT: 'TAKING_EFFECT',
  CLOSED: 'CLOSED',
};

const ERRORS: Readonly<Record<AuthorisationAct, ErrorTable>> = {
  ask: AUTHORISATION_ASK_ERRORS,
  look: AUTHORISATION_LOOK_ERRORS,
  close: AUTHORISATION_CLOSE_ERRORS,
};

/** Talks to WeChat about agreements. Stateless, never throws for what WeChat does. */
@Injectable()
export class AuthorisationWire {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly api: TransferBillsApi,
  ) {}

  /** `displayName` tells the person which of our accounts it is for. */
  prepare(of: { outAuthorizationNo: string; mchId: string; openid: string; displayName: string }): FrozenAuthorisation {
    return {
      mchId: of.mchId,
      body: {
        out_authorization_no: of.outAuthorizationNo,
        appid: this.config.wechat.appId,
        openid: of.openid,
        transfer_scene_id: TRANSFER_SCENE,
        user_display_name: of.displayName,
        user_recv_perception: TRANSFER_PERCEPTION,
        authorization_notify_url: `${this.config.wechat.notifyUrl}${AUTHORISATION_NOTIFY_PATH}`,
      },
    };
  }

  async talk(act: AuthorisationAct, { mchId, body }: FrozenAuthorisation): Promise<AuthorisationMeaning> {
    const reply = await this.send(act, mchId, body);
    return meaningOf(reply, body, ERRORS[act]);
  }

  private send(act: AuthorisationAct, mchId: string, body: AuthorizationRequest): Promise<WireReply> {
    if (act === 'ask') return this.api.authorise(mchId, body);
    if (act === 'look') return this.api.queryAuthorisation(mchId, body.out_authorization_no);
    return this.api.closeAuthorisation(mchId, body.out_authorization_no);
  }
}

function meaningOf(reply: WireReply, request: AuthorizationRequest, errors: ErrorTable): AuthorisationMeaning {
  if (reply.noReply) {
    if (reply.cause === 'expired') return { kind: 'blocked', why: CERTIFICATE_EXPIRED };
    if (reply.provablyNotSent) return { kind: 'later', why: reply.cause };
    return { kind: 'unclear', why: reply.cause, alarm: reply.cause === 'unverified' || reply.cause === 'unreadable' };
  }
  return reply.code === null
    ? stateOf(reply.body, request)
    : errorOf(reply.code, reactionTo(errors, reply.code, reply.httpStatus));
}

function errorOf(why: string, reaction: ReturnType<typeof reactionTo>): AuthorisationMeaning {
  switch (reaction) {
    case 'retry_soon':
    case 'retry_tomorrow':
      return { kind: 'later', why };
    case 'blocked':
      return { kind: 'blocked', why };
    case 'unknown':
    case 'not_found':
      return { kind: 'unclear', why, alarm: false };
    case 'unknown_alarm':
    case 'refused':
    case 'failed':
      return { kind: 'unclear', why, alarm: true };
  }
}

/** What a document of WeChat's says of an agreement, in an answer or in a callback. What it names must be ours. */
export function stateOf(
  body: Readonly<Record<string, unknown>>,
  request: Pick<AuthorizationRequest, 'out_authorization_no' | 'openid' | 'appid' | 'transfer_scene_id'>,
): AuthorisationMeaning {
  for (const field of ['out_authorization_no', 'openid', 'appid', 'transfer_scene_id'] as const) {
    const named = body[field];
    if (named !== undefined && named !== request[field]) return { kind: 'mismatch', why: `another_${field}` };
  }
  const named = text(body.state) ?? '';
  const state = Object.hasOwn(STATES, named) ? STATES[named] : undefined;
  if (!state) return { kind: 'unclear', why: `state_${named.slice(0, 32)}`, alarm: true };
  const asked = Date.parse(text(body.create_time) ?? '');
  const closing = body.close_info as { close_reason?: unknown } | undefined;
  return {
    kind: 'state',
    state,
    package: text(body.package_info),
    expiresAt: Number.isNaN(asked) ? null : new Date(asked + CONFIRM_WITHIN_MS),
    authorizationId: text(body.authorization_id),
    closeReason: text(closing?.close_reason),
  };
}
