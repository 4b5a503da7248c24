import { Injectable } from '@nestjs/common';
import { explain, type Decision, type DecisionTrace } from '@app/campaigns';
import { CodeBook } from '@app/codes';
import { Database } from '@app/database';
import { memberId, Rejected, SCAN_ID_PATTERN, type MemberId, type ScanId } from '@app/kernel';
import { regionWords } from '@app/regions';
import type { Operator } from '@app/staff';
import type { ScanAnswer, Verdict } from './scan-outcome';
import { ScanRecords, type ScanRecord } from './scan-records.repository';
import { scanRow, type ScanRow } from './scan-row';
import { SerialVeil } from './serial-veil';
import { StoredDecisions } from './stored-decisions';
import { WholeAnswers } from './whole-answers';

export interface ScanExplanation {
  readonly scan: ScanRow & { readonly memberId: number };
  readonly answer: ScanAnswer;
  /** Null when there was nothing to decide: a repeat, or a code that was not active. */
  readonly decision: Decision | null;
  readonly trace: DecisionTrace | null;
  /** Chinese, to be read aloud by somebody on the phone. */
  readonly sentences: readonly string[];
}

const VERDICT_WORDS: Record<Verdict, string> = {
  unknown: '这不是我们的码。',
  not_active: '扫码时这个码还没有激活，只回答「还没登记上市」，不发奖。',
  first: '这是官方正品码，此前没有别人查询过。',
  repeat: '这是官方正品码，此前已经查询过。',
  frozen: '扫码时这个码（或整批）处于冻结状态，不发奖。',
  void: '扫码时这个码已作废，不发奖。',
  expired: '扫码时这个码已过兑奖期，不发奖。',
  recalled: '扫码时这个码（或整批）正在召回，回答「请先别喝」和怎么退，不发奖。',
};

/** Says why a scan got what it got, by deciding it again from what was stored with it. */
@Injectable()
export class ExplainScan {
  constructor(
    private readonly database: Database,
    private readonly records: ScanRecords,
    private readonly stored: StoredDecisions,
    private readonly codeBook: CodeBook,
    private readonly veil: SerialVeil,
    private readonly whole: WholeAnswers,
  ) {}

  /** Whether anybody scanned this code yet; without one, anything at all. */
  async anyOf(code?: string): Promise<boolean> {
    const triple = code === undefined ? undefined : this.codeBook.decode(code);
    if (triple === 'malformed' || triple === 'forged') throw new Rejected('not_our_code', '这不是我们的码', 422);
    return (await this.records.page(this.database, triple ? { code: triple } : {}, 1, null)).length > 0;
  }

  /** Throws Rejected 404 for an id that is not a scan. The serial of the code is told only where `by` (null = the system) may know it. */
  async run(id: string, by: Operator | null = null): Promise<ScanExplanation> {
    const { member, scanId } = readId(id);
    const record = await this.records.find(this.database, member, scanId);
    if (!record) throw new Rejected('no_such_scan', '没有这次扫码', 404);
    const answer = JSON.parse(await this.whole.of(record.answer)) as ScanAnswer;
    const base = { scan: scanRow(record, this.codeBook), answer };
    const decided = await this.stored.traced(record);
    if (!decided) {
      return { ...base, decision: null, trace: null, sentences: sentencesWithout(record, base.answer) };
    }
    const trace = await this.veil.over(this.database, by, record.code, decided.trace);
    const sentences = [VERDICT_WORDS[record.verdict], ...explain(trace, nameOf)];
    return { ...base, decision: decided.decision, trace, sentences };
  }
}

/** Names for what conditions hold as numbers. */
function nameOf(field: string, value: unknown): string | undefined {
  return field === 'region' && typeof value === 'number' ? regionWords(value) : undefined;
}

function sentencesWithout(record: ScanRecord, answer: ScanAnswer): string[] {
  const sentences = [VERDICT_WORDS[record.verdict]];
  if (record.verdict === 'repeat') {
    sentences.push(
      answer.repeat?.mine
        ? '之前就是同一位会员扫的，奖励在那一次已经给出，这次显示的是同一份。'
        : '奖励已在先前的扫码中给出，一个码只给一次。',
    );
  }
  if (record.refusal === 'held')
    sentences.push('这个码正为另一位会员保留半小时（等对方定位，或做完领奖前的一步），期间不给别人。');
  return sentences;
}

/** The two halves of a scan's id. Throws Rejected 404. */
export function readId(id: string): { member: MemberId; scanId: ScanId } {
  const [, member, scanId] = /^(\d{1,16})-(.+)$/.exec(id) ?? [];
  if (!member || !scanId || !SCAN_ID_PATTERN.test(scanId)) throw new Rejected('no_such_scan', '没有这次扫码', 404);
  return { member: memberId(member), scanId: scanId as ScanId };
}
