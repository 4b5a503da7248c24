import { shanghaiWords } from '@app/kernel';
import type { Payout } from '../payout';

/** The breaker of the payout's channel, while it is shut. */
export interface ShutChannel {
  /** WeChat's code, e.g. NOT_ENOUGH. */
  readonly reason: string;
  readonly until: Date;
}

export interface Circumstances {
  /** Why the last exchange left it so: WeChat's code, or what went wrong on the way; null when there was none yet. */
  readonly lastAnswer: string | null;
  readonly shut: ShutChannel | null;
  /** The database was set back: this is not sent before WeChat was asked about its bill, or about every one. */
  readonly recovering: boolean;
  /** The merchant account has no fen left under its ceiling of today. */
  readonly ceilingReached: boolean;
  /** A case keeps the next offer from beginning. */
  readonly frozen: boolean;
  readonly waits: { readonly escalateAfterMs: number; readonly hardStopMs: number };
}

/** Why a payout stands where it stands, and what happens next by itself. */
export interface WhatNext {
  readonly reason: string;
  readonly next: string;
  /** When; null = nothing happens without a person. */
  readonly at: Date | null;
}

export type Standing = Pick<
  Payout,
  'state' | 'nextAt' | 'leaseUntil' | 'unknownSince' | 'billExpiresAt' | 'billNo' | 'failReason'
>;

/** Pure; sentences for the console, times in Shanghai. */
export function whatNext(payout: Standing, circumstances: Circumstances): WhatNext {
  const { nextAt } = payout;
  switch (payout.state) {
    case 'PENDING':
      return pending(payout, circumstances);
    case 'SENDING':
      return {
        reason: '正在与微信通信',
        next: '租约到期仍无结果则转为「结果未知」，先查单',
        at: payout.leaseUntil ?? nextAt,
      };
    case 'UNKNOWN':
      return unknown(payout, circumstances);
    case 'WAIT_USER':
      return waiting(payout);
    case 'MANUAL':
      return {
        reason: because('微信一直没有明确结果', circumstances.lastAnswer),
        next: '等两个人定论：人工到账或人工失败',
        at: null,
      };
    case 'SETTLED':
      return { reason: '已到账', next: '无', at: null };
    case 'FAILED':
    case 'REFUNDED':
      return over(payout, circumstances);
  }
}

function pending({ nextAt, billNo }: Standing, circumstances: Circumstances): WhatNext {
  const { recovering, shut, ceilingReached, lastAnswer } = circumstances;
  if (recovering)
    return { reason: '恢复模式：数据库回退过，先查清所有在途单', next: '查清后自动继续，单号不变', at: null };
  if (shut) {
    const reason = `付款通道暂停（${shut.reason}）`;
    return { reason, next: `${shanghaiWords(shut.until)} 起放一笔试探，成功即全部恢复`, at: shut.until };
  }
  if (ceilingReached) return { reason: '商户号今日付款额度已用完', next: '明天 0 点后自动继续', at: nextAt };
  if (billNo === null) return { reason: '刚刚申请', next: '生成单号并付款', at: nextAt };
  return { reason: because('上一次没有被微信受理', lastAnswer), next: '用同一单号重发', at: nextAt };
}

function unknown({ nextAt, unknownSince }: Standing, { lastAnswer, waits }: Circumstances): WhatNext {
  const stop = unknownSince === null ? null : new Date(unknownSince.getTime() + waits.hardStopMs);
  const next = `查单，不换单号${stop === null ? '' : `；到 ${shanghaiWords(stop)} 仍未知则停止自动处理，转人工`}`;
  return { reason: because('微信没有明确结果', lastAnswer), next, at: nextAt };
}

function waiting({ nextAt, billExpiresAt }: Standing): WhatNext {
  const until = billExpiresAt === null ? '' : `，微信在 ${shanghaiWords(billExpiresAt)} 关闭这张单`;
  return { reason: `等用户在微信里收款${until}`, next: '查单；关闭后奖品回到待领取，可再领', at: nextAt };
}

function over({ failReason }: Standing, { frozen }: Circumstances): WhatNext {
  const reason = because('没有付成', failReason);
  if (frozen) return { reason, next: '有冻结的异常未关闭：两个人关闭后用户才能再领', at: null };
  return { reason, next: '奖品回到待领取，用户再点领取即发下一次', at: null };
}

function because(words: string, code: string | null): string {
  return code === null ? words : `${words}（${code}）`;
}

/** The code in front of a stored evidence text, as `AttemptsRepository.finish` writes it; null when there is none. */
export function answerOf(outcome: string | null, evidence: string | null): string | null {
  const [why, ...rest] = evidence?.split(' | ') ?? [];
  return rest.length > 0 && why ? why.slice(0, 64) : outcome;
}
