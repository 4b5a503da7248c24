import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { RedpackApi, type RedpackRequest } from '@app/wechat';
import { outcomeOf, text } from './reply-meaning';
import type { FrozenRequest, Meaning, Outcome, PayoutChannel, PrepareParams } from './payout-channel';
import { REDPACK_QUERY_ERRORS, REDPACK_SEND_ERRORS, REDPACK_STATES } from './redpack.table';

const WORDS = {
  send_name: '扫码有礼',
  act_name: '扫码有礼',
  wishing: '感谢您的支持，祝您好运',
  remark: '扫码有礼活动奖励',
} as const;
const PLAIN_AMOUNTS = { min: 100, max: 20_000 } as const;
/** WeChat wants an IPv4 address of the caller and does not check it. */
const CLIENT_IP = '127.0.0.1';

/** 现金红包, for merchants that still have it. Sent at award, taken in the chat, refunded after a day; there is no callback. */
@Injectable()
export class RedpackChannel implements PayoutChannel {
  readonly name = 'redpack_v2';
  readonly handsOutPackage = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly api: RedpackApi,
  ) {}

  prepare({ billNo, mchId, amountFen, openid }: PrepareParams): FrozenRequest {
    const plain = amountFen >= PLAIN_AMOUNTS.min && amountFen <= PLAIN_AMOUNTS.max;
    const scene = this.config.wechat.merchants.find((merchant) => merchant.mchId === mchId)?.redpackScene ?? null;
    const body: RedpackRequest = {
      mch_billno: billNo,
      wxappid: this.config.wechat.appId,
      ...WORDS,
      re_openid: openid,
      total_amount: String(amountFen),
      total_num: '1',
      client_ip: CLIENT_IP,
      ...(plain || scene === null ? {} : { scene_id: scene }),
    };
    return { channel: this.name, mchId, billNo, amountFen, openid, body: { ...body } };
  }

  async send(request: FrozenRequest): Promise<Outcome> {
    const reply = await this.api.send(request.mchId, request.body as unknown as RedpackRequest);
    return outcomeOf(reply, REDPACK_SEND_ERRORS, (body) => sentMeaning(body, request), 'send_listid');
  }

  async query(request: FrozenRequest): Promise<Outcome> {
    const reply = await this.api.query(request.mchId, request.billNo);
    return outcomeOf(reply, REDPACK_QUERY_ERRORS, (body) => queriedMeaning(body, request), 'detail_id');
  }
}

/** Success of a send means accepted and pushed, not received. */
function sentMeaning(body: Readonly<Record<string, unknown>>, request: FrozenRequest): Meaning {
  if (body.result_code !== 'SUCCESS') return { kind: 'unknown', why: 'no_result_code', alarm: true };
  const difference = differenceOf(body, request, 're_openid');
  if (difference) return { kind: 'mismatch', why: `another_${difference}` };
  return { kind: 'wait_user', package: null, expiresAt: null };
}

function queriedMeaning(body: Readonly<Record<string, unknown>>, request: FrozenRequest): Meaning {
  const difference = differenceOf(body, request, 'openid') ?? takerDifference(body, request);
  if (difference) return { kind: 'mismatch', why: `another_${difference}` };
  const status = text(body.status) ?? '';
  const kind = Object.hasOwn(REDPACK_STATES, status) ? REDPACK_STATES[status] : undefined;
  switch (kind) {
    case 'succeeded':
    case 'in_flight':
    case 'refunded':
      return { kind };
    case 'wait_user':
      return { kind, package: null, expiresAt: null };
    case 'failed':
      return { kind, why: text(body.reason) === null ? 'SEND_FAILED' : 'SEND_FAILED_WITH_REASON' };
    default:
      return { kind: 'unknown', why: `status_${status.slice(0, 32)}`, alarm: true };
  }
}

/** Who took the packet stands in `hblist` (`WECHAT.md` §3.3): empty before that, and at times missing even then. One packet has one. */
function takerDifference({ hblist }: Readonly<Record<string, unknown>>, request: FrozenRequest): string | null {
  if (!isRecord(hblist)) return null;
  for (const taker of [hblist.hbinfo].flat().filter(isRecord)) {
    if (text(taker.openid) !== null && taker.openid !== request.openid) return 'person';
    if (text(taker.amount) !== null && taker.amount !== String(request.amountFen)) return 'amount';
  }
  return null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function differenceOf(body: Readonly<Record<string, unknown>>, request: FrozenRequest, person: string): string | null {
  const differs = (field: string, ours: string): boolean => text(body[field]) !== null && body[field] !== ours;
  if (differs('mch_billno', request.billNo)) return 'bill';
  if (differs('total_amount', String(request.amountFen))) return 'amount';
  if (differs('mch_id', request.mchId)) return 'merchant';
  if (differs(person, request.openid)) return 'person';
  return null;
}
