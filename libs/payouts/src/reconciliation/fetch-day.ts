import { Injectable } from '@nestjs/common';
import { databaseNow, UnitOfWork } from '@app/database';
import { Defect, shanghaiDayStart } from '@app/kernel';
import { BILL_ACCOUNTS, BillFileApi, type BillAccount, type ReadyBillFile } from '@app/wechat';
import { BILL_NUMBER_PATTERN } from '../driving/bill-number';
import { FundFlowReader, rowText, type FileTotals, type OtherRow } from './fund-flow-file';
import { ReconciliationRuns, type ClaimedRun } from './reconciliation-runs.repository';
import { SortedLines } from './sorted-lines';

export interface DayFile {
  readonly kind: 'file';
  /** Rows about payouts of all accounts, to be read sorted; close it in the end. */
  readonly lines: SortedLines;
  /** Top-ups and withdrawals. */
  readonly moves: readonly OtherRow[];
}

export interface NoFile {
  readonly kind: 'none';
  readonly why: string;
}

/** Money that moves by hand: more of that in a day is no 资金账单 of a payout account. */
const MAX_MOVES = 10_000;
/** The file of a day is whole ten hours into the next one; what is not there then, never was. */
export const FILE_HOUR = 10;
const DAY_MS = 86_400_000;
/** An account that was never opened is refused by one of these. */
const NO_SUCH_ACCOUNT = ['NO_AUTH', 'INVALID_REQUEST', 'PARAM_ERROR'];

/** Brings a day's file here, whole and checked, or says why it cannot be had. Nothing of a file that broke off or does not add up is used. */
@Injectable()
export class FetchDay {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly runs: ReconciliationRuns,
    private readonly api: BillFileApi,
  ) {}

  /** Throws FileNotUnderstood, BillFileBroken or Transient for a file that cannot be used. */
  async run(run: ClaimedRun): Promise<DayFile | NoFile> {
    const ready: ReadyBillFile[] = [];
    for (const account of BILL_ACCOUNTS) {
      const answer = await this.api.apply(run.mchId, run.day, account);
      if (answer.kind === 'ready') ready.push(answer);
      if (answer.kind === 'silent') return { kind: 'none', why: `微信没有回答（${answer.cause}）` };
      if (answer.kind === 'not_yet') return { kind: 'none', why: '微信还在生成这一天的账单' };
      if (answer.kind === 'refused' && !isNoAccount(account, answer.code)) {
        throw new Defect(`WeChat refuses the bill file: ${answer.code}`);
      }
    }
    if (ready.length === 0 && !(await this.isWhole(run.day))) return { kind: 'none', why: '微信还没有这一天的账单' };
    return this.read(run, ready);
  }

  private async read(run: ClaimedRun, ready: readonly ReadyBillFile[]): Promise<DayFile> {
    const lines = new SortedLines();
    const moves: OtherRow[] = [];
    const sums = { paid: 0, returned: 0, moved: 0, other: 0 };
    let totals: FileTotals = { rows: 0, inRows: 0, inFen: 0, outRows: 0, outFen: 0, closingFen: null };
    try {
      for (const file of ready) {
        const reader = new FundFlowReader(
          run.day,
          (voucher) => BILL_NUMBER_PATTERN.test(voucher),
          (row) => {
            lines.add(rowText(row));
            sums[row.direction === 'out' ? 'paid' : 'returned'] += row.fen;
          },
          (row) => {
            sums[row.kind === 'balance' ? 'moved' : 'other'] += row.fen;
            if (row.kind === 'balance') moves.push(row);
            if (moves.length > MAX_MOVES) throw new Defect(`more than ${MAX_MOVES} top-ups and withdrawals in a day`);
          },
        );
        for await (const piece of this.api.download(file)) reader.push(piece);
        totals = together(totals, reader.end());
      }
    } catch (error) {
      lines.close();
      throw error;
    }
    await this.unitOfWork.run((tx) =>
      this.runs.progress(tx, run, {
        ...{ step: 'match', file_hash: ready.map(({ sha1 }) => sha1).join(' ') || null },
        ...{ rows_total: totals.rows, rows_ours: lines.length, closing_fen: totals.closingFen },
        ...{ paid_fen: sums.paid, returned_fen: sums.returned, moved_fen: sums.moved, other_fen: sums.other },
      }),
    );
    return { kind: 'file', lines, moves };
  }

  private async isWhole(day: string): Promise<boolean> {
    const now = await this.unitOfWork.run((tx) => databaseNow(tx));
    return now.getTime() >= shanghaiDayStart(day).getTime() + DAY_MS + FILE_HOUR * 3_600_000;
  }
}

function isNoAccount(account: BillAccount, code: string): boolean {
  return account !== 'BASIC' && NO_SUCH_ACCOUNT.includes(code);
}

/** Two accounts of one merchant as one day. */
function together(one: FileTotals, other: FileTotals): FileTotals {
  return {
    rows: one.rows + other.rows,
    inRows: one.inRows + other.inRows,
    inFen: one.inFen + other.inFen,
    outRows: one.outRows + other.outRows,
    outFen: one.outFen + other.outFen,
    closingFen: other.closingFen === null ? one.closingFen : (one.closingFen ?? 0) + other.closingFen,
  };
}
