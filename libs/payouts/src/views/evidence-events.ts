import { formatYuan } from '@app/kernel';
import type { PrizeOrigins } from '@app/analytics';
import type { AuditedAct } from '@app/staff';
import type { DecisionView } from '../cases/decision-list';
import type { TrailAct } from '../cases/case-trail';
import type { MoneyCaseDetail } from '../cases/money-cases';
import type { Person } from '../cases/person';
import { STATE_WORDS } from '../payout-state';
import type { AttemptRow, BillEvidence, DifferenceRow, JournalRow, MoveRow } from './evidence-rows';
import {
  ACT_WORDS,
  DIFFERENCE_WORDS,
  JOURNAL_WORDS,
  legWords,
  MEANING_WORDS,
  reasonWords,
  wordsOf,
} from './evidence-words';
import { answerOf } from './what-next';

export const EVIDENCE_KINDS = [
  ...(['scanned', 'won', 'opened', 'pooled', 'released', 'asked_for', 'bill', 'attempt', 'callback', 'move'] as const),
  ...(['journal', 'case', 'decision', 'difference', 'audit'] as const),
] as const;
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

/** One thing that happened to the money of a payout. */
export interface EvidenceEvent {
  readonly at: Date;
  readonly kind: EvidenceKind;
  /** A sentence for people. */
  readonly words: string;
  /** Who did it; null: a machine, ours or WeChat's. */
  readonly by: Person | null;
  /** The row behind it, without personal data. */
  readonly details: Readonly<Record<string, unknown>>;
}

const nobody = { by: null } as const;

/** By time; of the same moment in the order in which one follows from the other. */
export function inOrder(events: readonly EvidenceEvent[]): EvidenceEvent[] {
  const rank = (kind: EvidenceKind): number => EVIDENCE_KINDS.indexOf(kind);
  return [...events].sort((one, other) => one.at.getTime() - other.at.getTime() || rank(one.kind) - rank(other.kind));
}

export function originEvents({ awards, pooledAt }: PrizeOrigins): EvidenceEvent[] {
  const events = awards.flatMap((award): EvidenceEvent[] => {
    const { awardKey, memberId, scanId, scannedAt, adcode, wonAt, openedAt, releasedAt, releaseReason, campaign } =
      award;
    const { prizeName, prizeKey, ruleKey, amountFen, budgetId } = award;
    const what = `${prizeName} ${formatYuan(amountFen)} 元`;
    const won = { awardKey, memberId, scanId, prizeKey, ruleKey, amountFen, budgetId, campaign };
    return [
      ...(scannedAt === null
        ? []
        : [
            {
              at: scannedAt,
              kind: 'scanned' as const,
              words: '扫码',
              ...nobody,
              details: { scanId, memberId, adcode },
            },
          ]),
      { at: wonAt, kind: 'won', words: `中奖：${what}，金额已冻结`, ...nobody, details: won },
      ...(openedAt === null
        ? []
        : [{ at: openedAt, kind: 'opened' as const, words: '红包解锁', ...nobody, details: { awardKey } }]),
      ...(releasedAt === null
        ? []
        : [
            {
              ...{ at: releasedAt, kind: 'released' as const, words: '过了兑奖截止时间，金额退回预算', ...nobody },
              details: { awardKey, reason: releaseReason },
            },
          ]),
    ];
  });
  if (pooledAt === null) return events;
  const details = { awards: awards.length };
  return [
    ...events,
    { at: pooledAt, kind: 'pooled', words: `小额奖励合并为一笔（${awards.length} 个）`, ...nobody, details },
  ];
}

export function billEvents(bills: readonly BillEvidence[]): EvidenceEvent[] {
  return bills.map(({ at, ...bill }) => ({
    ...{ at, kind: 'bill' as const, ...nobody },
    words: `第 ${bill.offerNo} 次发放，单号 ${bill.billNo}，请求内容已锁定`,
    details: bill,
  }));
}

export function attemptEvents(attempts: readonly AttemptRow[]): EvidenceEvent[] {
  return attempts.map(({ startedAt, ...attempt }) => ({
    ...{ at: startedAt, kind: attempt.act === 'notify' ? ('callback' as const) : ('attempt' as const), ...nobody },
    words: `${wordsOf(ACT_WORDS, attempt.act)}：${outcomeWords(attempt)}`,
    details: attempt,
  }));
}

function outcomeWords({ outcome, evidence }: Pick<AttemptRow, 'outcome' | 'evidence'>): string {
  if (outcome === null) return '没有等到结果';
  const code = answerOf(null, evidence);
  const isCode = code !== null && /^[A-Z][A-Z0-9_]+$/.test(code);
  return `${wordsOf(MEANING_WORDS, outcome)}${isCode ? `（${code}）` : ''}`;
}

export function moveEvents(moves: readonly MoveRow[]): EvidenceEvent[] {
  return moves.map(({ at, ...move }) => ({
    ...{ at, kind: 'move' as const, ...nobody },
    words: `${wordsOf(STATE_WORDS, move.from)} → ${wordsOf(STATE_WORDS, move.to)}：${reasonWords(move.reason)}`,
    details: move,
  }));
}

export function journalEvents(journals: readonly JournalRow[]): EvidenceEvent[] {
  return journals.map(({ at, ...entry }) => ({
    ...{ at, kind: 'journal' as const, ...nobody },
    words: `${wordsOf(JOURNAL_WORDS, entry.journalKind)}：${entry.legs.map(legWords).join('，')}`,
    details: entry,
  }));
}

const TRAIL: Readonly<Record<TrailAct, string>> = {
  assigned: '指派',
  noted: '备注',
  asked_wechat: '请系统向微信查单',
  close_asked: '申请关闭',
  close_refused: '关闭申请被驳回',
  close_withdrawn: '关闭申请已撤回',
  closed: '关闭',
  decided: '随人工结论关闭',
  resolved: '原因消失，自动关闭',
};

export function caseEvents(cases: readonly MoneyCaseDetail[]): EvidenceEvent[] {
  return cases.flatMap(({ id, kind, title, detail, raisedAt, billNo, freezes, trail }): EvidenceEvent[] => [
    {
      ...{ at: raisedAt, kind: 'case', ...nobody, words: `异常 #${id}：${title}` },
      details: { caseId: id, case: kind, detail, billNo, freezes },
    },
    ...trail.map(({ at, by, act, owner, decisionId, note }): EvidenceEvent => ({
      ...{ at, by, kind: 'case', words: `异常 #${id}：${TRAIL[act]}${note === '' ? '' : `（${note}）`}` },
      details: { caseId: id, act, owner, decisionId, note },
    })),
  ]);
}

const DECISIONS = { settle: '人工到账', fail: '人工失败', close: '关闭异常' } as const;
const ENDS = { approved: '同意', refused: '驳回', withdrawn: '撤回' } as const;

export function decisionEvents(decisions: readonly DecisionView[]): EvidenceEvent[] {
  return decisions.flatMap((decision): EvidenceEvent[] => {
    const { id, kind, state, contentHash, revision, reason, evidence, askedBy, askedAt, decidedBy, decidedAt } =
      decision;
    const what = `${DECISIONS[kind]}申请 #${id}`;
    const asked: EvidenceEvent = {
      ...{ at: askedAt, by: askedBy, kind: 'decision', words: `${what}：${reason}` },
      details: { decisionId: id, decision: kind, contentHash, revision, reason, evidence },
    };
    if (decidedAt === null || state === 'pending') return [asked];
    const note = decision.decisionNote ?? '';
    const ended: EvidenceEvent = {
      ...{ at: decidedAt, by: decidedBy, kind: 'decision', words: `${what}：${ENDS[state]}` },
      details: { decisionId: id, decision: kind, state, contentHash, note },
    };
    return [asked, ended];
  });
}

export function differenceEvents(differences: readonly DifferenceRow[]): EvidenceEvent[] {
  return differences.flatMap(({ foundAt, goneAt, ...difference }): EvidenceEvent[] => [
    {
      ...{
        at: foundAt,
        kind: 'difference',
        ...nobody,
        words: `对账差异（${difference.day}）：${wordsOf(DIFFERENCE_WORDS, difference.difference)}`,
      },
      details: difference,
    },
    ...(goneAt === null
      ? []
      : [{ at: goneAt, kind: 'difference' as const, ...nobody, words: '对账差异已消失', details: difference }]),
  ]);
}

export function auditEvents(acts: readonly AuditedAct[], people: ReadonlyMap<number, Person>): EvidenceEvent[] {
  return acts.map(({ id, at, actorId, act, details }) => ({
    ...{ at, kind: 'audit' as const, words: `审计记录 #${id}：${act}` },
    by: actorId === null ? null : (people.get(actorId) ?? { id: actorId, name: '' }),
    details: { auditId: id, act, ...(typeof details === 'object' && details !== null ? { content: details } : {}) },
  }));
}
