import { Injectable } from '@nestjs/common';
import type { Tx } from '@app/database';
import { Outbox } from '@app/jobs';
import { fen, formatYuan } from '@app/kernel';
import { Incidents } from '../cases/incidents';
import { AskAboutBill } from '../driving/jobs';
import { RefreshPayout } from '../driving/refresh-payout';
import { Confirmations, type ConfirmedBill } from '../ledger/confirmations';
import { STATE_WORDS } from '../payout-state';
import { ChannelRows, type JudgedRow, type RowVerdict } from './channel-rows.repository';
import { Differences, type FoundDifference, type OpenDifference } from './differences.repository';
import type { DifferenceKind, FileSide, OurBill } from './judge';
import type { JudgedBill } from './judged-bill';
import type { ClaimedRun, RunKey } from './reconciliation-runs.repository';

/** Payouts that are asked about at once because the file knows more than we do. */
const MAX_URGENT = 200;

/** Writes what bills were judged to be: rows, what is awaited, differences with their incidents, and the books of the odd ones. */
@Injectable()
export class WriteVerdicts {
  constructor(
    private readonly rows: ChannelRows,
    private readonly differences: Differences,
    private readonly incidents: Incidents,
    private readonly confirmations: Confirmations,
    private readonly refresh: RefreshPayout,
    private readonly outbox: Outbox,
  ) {}

  /** Returns how many differences were not known before. */
  async write(tx: Tx, run: ClaimedRun, bills: readonly JudgedBill[]): Promise<number> {
    await this.askUrgent(tx, bills);
    const judged: JudgedRow[] = [];
    for (const bill of bills) {
      const channel = bill.ours?.channel ?? null;
      for (const row of bill.rows) judged.push({ row, channel, verdict: verdictOf(bill) });
    }
    await this.rows.keep(tx, run, judged);
    const odd = bills.filter((bill) => !bill.plain || bill.judgement.kind !== 'matched');
    await this.rows.judgeAnew(
      tx,
      run.mchId,
      odd
        .filter(({ daysElsewhere }) => daysElsewhere.length > 0)
        .map((bill) => ({
          ...{ billNo: bill.billNo, days: bill.daysElsewhere },
          ...{ channel: bill.ours?.channel ?? null, verdict: verdictOf(bill) },
        })),
    );
    await this.awaiting(tx, run, odd);
    const found = odd.flatMap((bill) => newDifference(bill, run));
    await this.raise(tx, run, found);
    await this.askReturned(tx, found);
    await this.close(
      tx,
      run,
      odd.flatMap((bill) => goneOf(bill)),
    );
    await this.book(tx, run, odd);
    return found.filter(({ known }) => !known).length;
  }

  /** Differences of one kind that were found outside the matching of rows. */
  async raise(tx: Tx, run: ClaimedRun, found: readonly FoundDifference[]): Promise<void> {
    if (found.length === 0) return;
    await this.differences.found(tx, run, found);
    for (const { kind, billNo, ours, file, since } of found) {
      await this.incidents.raise(tx, {
        kind: `bill_${kind}`,
        scope: scopeOf(run, billNo),
        payoutKey: ours?.payoutKey ?? null,
        billNo: billNo.length > 32 ? null : billNo,
        detail: detailOf(run, kind, since, ours, file),
      });
    }
  }

  /** Differences that are no more, and their incidents. */
  async close(tx: Tx, run: RunKey, gone: readonly OpenDifference[]): Promise<void> {
    await this.differences.gone(
      tx,
      gone.map(({ id }) => id),
    );
    for (const { kind, billNo } of gone) await this.incidents.resolve(tx, `bill_${kind}`, scopeOf(run, billNo));
  }

  private async askUrgent(tx: Tx, bills: readonly JudgedBill[]): Promise<void> {
    const urgent = bills.filter(({ judgement }) => judgement.kind === 'waiting' && judgement.urgent);
    const keys = urgent.flatMap(({ ours }) => (ours ? [ours.payoutKey] : [])).sort();
    for (const payoutKey of keys.slice(0, MAX_URGENT)) await this.refresh.run(tx, payoutKey);
  }

  /** We hold it paid, the file says that it came back: an answer of WeChat moves it, or stands in the evidence of its case. */
  private async askReturned(tx: Tx, found: readonly (FoundDifference & { known: boolean })[]): Promise<void> {
    const doubted = found.filter(({ kind, known, ours }) => kind === 'state' && !known && ours?.state === 'SETTLED');
    await this.outbox.appendMany(
      tx,
      AskAboutBill,
      doubted.slice(0, MAX_URGENT).map(({ billNo }) => ({ billNo })),
    );
  }

  private async awaiting(tx: Tx, run: ClaimedRun, odd: readonly JudgedBill[]): Promise<void> {
    const waiting = odd.filter(({ judgement, awaited }) => judgement.kind === 'waiting' && !awaited);
    await this.differences.await(tx, run.mchId, waiting);
    const over = odd.filter(({ judgement, awaited }) => judgement.kind !== 'waiting' && awaited);
    await this.differences.awaitNoMore(
      tx,
      run.mchId,
      over.map(({ billNo }) => billNo),
    );
  }

  /** Plain matches are booked by the confirming walk; these fit together only with what other days say. */
  private async book(tx: Tx, run: ClaimedRun, odd: readonly JudgedBill[]): Promise<void> {
    const matched = odd.flatMap((bill) => (bill.judgement.kind === 'matched' ? confirmedBill(run, bill) : []));
    const returned = odd.flatMap((bill) => (bill.judgement.kind === 'returned' ? confirmedBill(run, bill) : []));
    if (matched.length + returned.length > 0) await this.confirmations.confirm(tx, [...matched, ...returned]);
    if (returned.length > 0) await this.confirmations.confirmRefunds(tx, returned);
  }
}

function verdictOf({ judgement, plain }: JudgedBill): RowVerdict {
  switch (judgement.kind) {
    case 'matched':
      return plain ? 'matched' : 'booked';
    case 'returned':
      return 'returned';
    case 'differs':
      return 'differs';
    default:
      return 'waiting';
  }
}

/** A difference that another day's run has on its list already stays there alone. */
function newDifference(bill: JudgedBill, run: ClaimedRun): (FoundDifference & { known: boolean })[] {
  const { judgement, billNo, since, ours, file, open } = bill;
  if (judgement.kind !== 'differs') return [];
  const same = open.filter(({ kind }) => kind === judgement.difference);
  if (same.some(({ day }) => day !== run.day)) return [];
  return [{ kind: judgement.difference, billNo, since, ours, file, known: same.length > 0 }];
}

/** While the other side may still come, nothing is gone. */
function goneOf({ judgement, open }: JudgedBill): readonly OpenDifference[] {
  if (judgement.kind === 'waiting') return [];
  return open.filter(({ kind }) => judgement.kind !== 'differs' || kind !== judgement.difference);
}

/** Numbers that are not ours may stand in the files of two accounts. */
function scopeOf({ mchId }: RunKey, billNo: string): string {
  return `${mchId}:${billNo}`;
}

function confirmedBill(run: ClaimedRun, { ours }: JudgedBill): ConfirmedBill[] {
  if (ours === null) return [];
  const { billNo, channel, amountFen } = ours;
  return [{ billNo, channel, amountFen, mchId: run.mchId }];
}

function detailOf(
  { mchId, day }: ClaimedRun,
  kind: DifferenceKind,
  since: string,
  ours: Pick<OurBill, 'state' | 'amountFen'> | null,
  file: FileSide,
): string {
  const yuan = (amount: number): string => `${formatYuan(fen(amount))} 元`;
  const theirs = `账单支出 ${file.outRows} 笔 ${yuan(file.outFen)}，退回 ${file.inRows} 笔 ${yuan(file.inFen)}`;
  const our = ours === null ? '我们没有这一笔' : `我们记为「${STATE_WORDS[ours.state]}」，${yuan(ours.amountFen)}`;
  const who = kind === 'payee' ? '；微信查单返回的收款人不是我们的会员' : '';
  return `商户 ${mchId}，${day} 账单核对，最早见于 ${since}：${theirs}；${our}${who}`;
}
