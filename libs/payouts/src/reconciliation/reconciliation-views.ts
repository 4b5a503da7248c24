import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { Database, databaseNow, textOf, type SqlValue, type Tx } from '@app/database';
import {
  addDays,
  checkLimit,
  readCursor,
  Rejected,
  shanghaiDay,
  writeCursor,
  type Page,
  type PageRequest,
} from '@app/kernel';
import { DIFFERENCE_KINDS, type DifferenceKind } from './judge';
import { DAYS_BACK } from './reconciliation-schedule';
import { ReconciliationRuns, RUN_STATES, type RunKey, type RunState } from './reconciliation-runs.repository';

/** A merchant account and a day, with how far it came. Amounts in fen. */
export interface RunItem extends RunKey {
  readonly state: RunState;
  readonly step: string | null;
  /** 0 to 1: rows looked at, then rows confirmed. */
  readonly progress: number;
  readonly why: string | null;
  readonly runNo: number;
  readonly fileHash: string | null;
  readonly rowsTotal: number;
  readonly rowsOurs: number;
  readonly matched: number;
  readonly returned: number;
  readonly waiting: number;
  readonly differences: number;
  readonly payeesAsked: number;
  readonly confirmed: number;
  readonly paidFen: number;
  readonly returnedFen: number;
  readonly movedFen: number;
  readonly otherFen: number;
  readonly closingFen: number | null;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

export interface DifferenceItem {
  readonly id: number;
  readonly kind: DifferenceKind;
  readonly billNo: string;
  readonly since: string;
  readonly payoutKey: string | null;
  readonly ourState: string | null;
  readonly ourFen: number | null;
  readonly paidFen: number;
  readonly returnedFen: number;
  readonly fileRows: number;
  readonly foundAt: Date;
  readonly goneAt: Date | null;
}

type RunRow = Readonly<Record<(typeof RUN_NUMBERS)[number], string | number>> & {
  mch_id: Buffer;
  day: string;
  state: Buffer;
  step: Buffer | null;
  why: string | null;
  file_hash: Buffer | null;
  closing_fen: string | null;
  started_at: Date | null;
  finished_at: Date | null;
};

const RUN_NUMBERS = [
  ...(['run_no', 'rows_total', 'rows_ours', 'rows_done', 'matched', 'returned', 'waiting', 'differences'] as const),
  ...(['payees_asked', 'confirmed', 'paid_fen', 'returned_fen', 'moved_fen', 'other_fen'] as const),
];
const RUN_COLUMNS = `mch_id, CAST(day AS CHAR) AS day, state, step, why, file_hash, closing_fen, started_at, finished_at, ${RUN_NUMBERS.join(', ')}`;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const CSV_PAGE = 1_000;

/** What headquarters sees and starts of reconciliation. */
@Injectable()
export class ReconciliationViews {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly runs: ReconciliationRuns,
  ) {}

  /** Newest day first. */
  async list({ limit, cursor }: PageRequest): Promise<Page<RunItem>> {
    const values: SqlValue[] = [];
    let where = '';
    if (cursor) {
      const [day, mchId] = readCursor(cursor, 2);
      where = 'WHERE day < ? OR (day = ? AND mch_id > ?)';
      values.push(String(day), String(day), String(mchId));
    }
    const rows = await this.database.query<RunRow>(
      `SELECT ${RUN_COLUMNS} FROM reconciliation_runs ${where} ORDER BY day DESC, mch_id LIMIT ${checkLimit(limit) + 1}`,
      values,
    );
    const items = rows.slice(0, limit).map(runItem);
    const last = items.at(-1);
    return { items, nextCursor: rows.length > limit && last ? writeCursor([last.day, last.mchId]) : null };
  }

  /** Throws Rejected for a day nobody went through. */
  async one({ mchId, day }: RunKey): Promise<RunItem> {
    const [row] = await this.database.query<RunRow>(
      `SELECT ${RUN_COLUMNS} FROM reconciliation_runs WHERE mch_id = ? AND day = ?`,
      [mchId, checkDay(day)],
    );
    if (!row) throw new Rejected('no_run', '这一天还没有对过账', 404);
    return runItem(row);
  }

  /** In the order they were found; those that are gone stay readable. */
  async differences({ mchId, day }: RunKey, { limit, cursor }: PageRequest): Promise<Page<DifferenceItem>> {
    const after = cursor ? Number(readCursor(cursor, 1)[0]) : 0;
    const items = await this.differencesAfter({ mchId, day: checkDay(day) }, after, checkLimit(limit) + 1);
    const page = items.slice(0, limit);
    const last = page.at(-1);
    return { items: page, nextCursor: items.length > limit && last ? writeCursor([last.id]) : null };
  }

  /** The same as a file for people: UTF-8 with a mark so that spreadsheets read it right. */
  async *csv(key: RunKey): AsyncGenerator<string> {
    yield '\u{feff}类型,商户单号,最早见于,奖励编号,我们的状态,我们的金额(元),账单支出(元),账单退回(元),账单笔数,发现时间,消失时间\r\n';
    for (let after = 0; ;) {
      const items = await this.differencesAfter({ ...key, day: checkDay(key.day) }, after, CSV_PAGE);
      const last = items.at(-1);
      if (!last) return;
      after = last.id;
      yield items.map(csvLine).join('');
    }
  }

  /** Goes through a day now: for the first time or once more. The worker does it. Throws Rejected for a day that cannot be had. */
  async start(tx: Tx, { mchId, day }: RunKey, by: number): Promise<void> {
    const today = shanghaiDay(await databaseNow(tx));
    if (!this.config.wechat.merchants.some((merchant) => merchant.mchId === mchId)) {
      throw new Rejected('no_merchant', '没有这个商户号', 404);
    }
    if (checkDay(day) > today || day < addDays(today, -DAYS_BACK)) {
      throw new Rejected('day_out_of_range', `只能对最近 ${DAYS_BACK} 天的账`, 422);
    }
    if (await this.runs.add(tx, { mchId, day }, by)) return;
    if (!(await this.runs.again(tx, { mchId, day }, by))) {
      throw new Rejected('run_in_progress', '这一天正在对账，请等它结束', 409);
    }
  }

  private async differencesAfter({ mchId, day }: RunKey, after: number, limit: number): Promise<DifferenceItem[]> {
    const rows = await this.database.query<{
      id: string;
      kind: Buffer;
      bill_no: Buffer;
      since: string;
      payout_key: Buffer | null;
      our_state: Buffer | null;
      our_fen: string | null;
      paid_fen: string;
      returned_fen: string;
      file_rows: number;
      found_at: Date;
      gone_at: Date | null;
    }>(
      `SELECT id, kind, bill_no, CAST(since AS CHAR) AS since, payout_key, our_state, our_fen, paid_fen, returned_fen, file_rows,
         found_at, gone_at
       FROM reconciliation_differences WHERE mch_id = ? AND day = ? AND id > ? ORDER BY id LIMIT ${Math.trunc(limit)}`,
      [mchId, day, after],
    );
    return rows.map((row) => ({
      ...{ id: Number(row.id), billNo: textOf(row.bill_no), since: row.since, fileRows: row.file_rows },
      kind: DIFFERENCE_KINDS.find((kind) => kind === textOf(row.kind)) ?? 'state',
      payoutKey: row.payout_key === null ? null : textOf(row.payout_key),
      ourState: row.our_state === null ? null : textOf(row.our_state),
      ourFen: row.our_fen === null ? null : Number(row.our_fen),
      ...{ paidFen: Number(row.paid_fen), returnedFen: Number(row.returned_fen) },
      ...{ foundAt: row.found_at, goneAt: row.gone_at },
    }));
  }
}

function checkDay(day: string): string {
  if (DAY.test(day) && !Number.isNaN(Date.parse(day)) && addDays(day, 0) === day) return day;
  throw new Rejected('bad_day', '日期须为 YYYY-MM-DD', 400);
}

function runItem(row: RunRow): RunItem {
  const number = (column: (typeof RUN_NUMBERS)[number]): number => Number(row[column]);
  const state = RUN_STATES.find((known) => known === textOf(row.state)) ?? 'failed';
  return {
    ...{ mchId: textOf(row.mch_id), day: row.day, state, why: row.why },
    step: row.step === null ? null : textOf(row.step),
    progress: progressOf(state, number('rows_done'), number('confirmed'), number('rows_ours'), number('matched')),
    ...{ runNo: number('run_no'), rowsTotal: number('rows_total'), rowsOurs: number('rows_ours') },
    fileHash: row.file_hash === null ? null : textOf(row.file_hash),
    ...{ matched: number('matched'), returned: number('returned'), waiting: number('waiting') },
    ...{ differences: number('differences'), payeesAsked: number('payees_asked'), confirmed: number('confirmed') },
    ...{ paidFen: number('paid_fen'), returnedFen: number('returned_fen') },
    ...{ movedFen: number('moved_fen'), otherFen: number('other_fen') },
    closingFen: row.closing_fen === null ? null : Number(row.closing_fen),
    ...{ startedAt: row.started_at, finishedAt: row.finished_at },
  };
}

/** Matching is one half of the way, confirming the other. */
function progressOf(state: RunState, rowsDone: number, confirmed: number, rows: number, matched: number): number {
  if (state === 'done') return 1;
  const half = (part: number, whole: number): number => (whole === 0 ? 0 : Math.min(0.5, part / whole / 2));
  return half(rowsDone, rows) + half(confirmed, matched);
}

const WORDS: Readonly<Record<DifferenceKind, string>> = {
  missing: '账单缺少',
  extra: '账单多出',
  amount: '金额不符',
  state: '状态不符',
  duplicate: '重复付款',
  payee: '收款人不符',
};

function csvLine(item: DifferenceItem): string {
  const yuan = (fen: number | null): string =>
    fen === null ? '' : `${Math.trunc(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;
  const cells = [
    ...[WORDS[item.kind], item.billNo, item.since, item.payoutKey ?? '', item.ourState ?? ''],
    ...[yuan(item.ourFen), yuan(item.paidFen), yuan(item.returnedFen), String(item.fileRows)],
    ...[item.foundAt.toISOString(), item.goneAt?.toISOString() ?? ''],
  ];
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/** Numbers of bills come from outside: no cell may begin what a spreadsheet would compute. */
function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
