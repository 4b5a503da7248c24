import { Injectable } from '@nestjs/common';
import { Database, UnitOfWork } from '@app/database';
import { ChannelRows, type RowsElsewhere } from './channel-rows.repository';
import { daysBetween, Differences, MAX_OPEN_DIFFERENCES, type OpenDifference } from './differences.repository';
import { FileNotUnderstood, rowOfText, type FlowRow } from './fund-flow-file';
import { judge, NO_ROWS, type FileSide } from './judge';
import type { JudgedBill } from './judged-bill';
import { mergeStreams, type Group } from './merge-streams';
import { OurBills, settledOfLine, type OurBillBorn } from './our-bills.repository';
import { ReconciliationRuns, type ClaimedRun } from './reconciliation-runs.repository';
import { SortedLines } from './sorted-lines';
import { WriteVerdicts } from './write-verdicts';

export interface MatchCounts {
  matched: number;
  returned: number;
  waiting: number;
  /** Found by this run and not known before. */
  found: number;
  /** Bills whose payee is worth asking for: all that differ, and a few of those that match. */
  readonly toAsk: string[];
}

interface Gathered {
  readonly billNo: string;
  ours: OurBillBorn | null;
  readonly rows: readonly FlowRow[];
  readonly awaitedSince: string | null;
  readonly open: readonly OpenDifference[];
}

const LOOK_UP_AT_ONCE = 500;
const SAMPLE = 20;
const MAX_TO_ASK = 200;

/**
 * Lays the rows of a day's file beside what we settled on that day and what was left open before, bill by bill, and writes what comes of
 * it. Nearly every bill is in both streams and needs no further look; for the others the rest of the books is asked.
 */
@Injectable()
export class MatchDay {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly runs: ReconciliationRuns,
    private readonly rows: ChannelRows,
    private readonly ourBills: OurBills,
    private readonly differences: Differences,
    private readonly verdicts: WriteVerdicts,
  ) {}

  /** `file`: the lines of the whole day, all of them read and found good. Throws FileNotUnderstood when next to nothing fits. */
  async run(run: ClaimedRun, file: SortedLines): Promise<MatchCounts> {
    const open = groupedByBill(await this.differences.open(this.database, run.mchId));
    const frontier = await this.runs.frontier(this.database, run);
    const ours = new SortedLines();
    try {
      await this.settled(run, ours);
      await this.unitOfWork.run((tx) => this.runs.opened(tx, run));
      while (await this.unitOfWork.run((tx) => this.rows.forget(tx, run)));
      const counts: MatchCounts = { matched: 0, returned: 0, waiting: 0, found: 0, toAsk: [] };
      const every = Math.max(1, Math.floor(file.length / SAMPLE));
      const followUps = this.differences.awaited(this.database, run.mchId);
      let done = 0;
      // While one part is being written the next one is judged: no bill is in two of them.
      let writing: Promise<void> = Promise.resolve();
      for await (const groups of mergeStreams(ours.read(), file.read(), followUps, linesOf(open))) {
        const bills = await this.judged(run, groups, open, frontier);
        await writing;
        done += tally(counts, bills, { every, shift: run.runNo % every });
        writing = this.write(run, bills, counts, done);
        // Its failure is met by the next await; until then nobody else listens.
        writing.catch(() => undefined);
      }
      await writing;
      return counts;
    } finally {
      ours.close();
    }
  }

  private async write(run: ClaimedRun, bills: readonly JudgedBill[], counts: MatchCounts, done: number): Promise<void> {
    const { matched, returned, waiting } = counts;
    counts.found += await this.unitOfWork.run(async (tx) => {
      const found = await this.verdicts.write(tx, run, bills);
      await this.runs.progress(tx, run, { rows_done: done, matched, returned, waiting });
      return found;
    });
    if (counts.found > MAX_OPEN_DIFFERENCES) {
      throw new FileNotUnderstood(`more than ${MAX_OPEN_DIFFERENCES} differences: the file is not about these books`);
    }
  }

  private async settled(run: ClaimedRun, into: SortedLines): Promise<void> {
    for await (const lines of this.ourBills.settledOn(this.database, run)) for (const line of lines) into.add(line);
  }

  private async judged(
    run: ClaimedRun,
    groups: readonly Group[],
    open: ReadonlyMap<string, readonly OpenDifference[]>,
    frontier: string,
  ): Promise<JudgedBill[]> {
    const gathered = groups.map((group) => gather(group, open));
    const others = gathered.filter((bill) => !isPlain(bill));
    const elsewhere = new Map<string, RowsElsewhere>();
    for (let from = 0; from < others.length; from += LOOK_UP_AT_ONCE) {
      const part = others.slice(from, from + LOOK_UP_AT_ONCE);
      await this.lookUp(run, part);
      for (const [billNo, sums] of await this.elsewhere(run, part)) elsewhere.set(billNo, sums);
    }
    const plainAge = ageOf(run.day, frontier);
    return gathered.map((bill) => {
      const plain = isPlain(bill);
      const other = plain ? undefined : elsewhere.get(bill.billNo);
      const file = sideOf(bill.rows, other?.side ?? NO_ROWS);
      const since = plain ? run.day : sinceOf(bill, run.day);
      const age = plain ? plainAge : ageOf(since, frontier);
      return {
        billNo: bill.billNo,
        ours: bill.ours,
        rows: bill.rows,
        file,
        since,
        plain,
        open: bill.open,
        daysElsewhere: other?.days ?? [],
        judgement: judge(bill.ours, file, age),
        awaited: bill.awaitedSince !== null,
      };
    });
  }

  /** Bills that only the file, or only an earlier day, names: what do we say of them? */
  private async lookUp(run: ClaimedRun, bills: readonly Gathered[]): Promise<void> {
    const unknown = bills.filter(({ ours }) => ours === null);
    const found = await this.ourBills.find(
      this.database,
      run.mchId,
      unknown.map(({ billNo }) => billNo),
    );
    for (const bill of unknown) bill.ours = found.get(bill.billNo) ?? null;
  }

  private async elsewhere(run: ClaimedRun, bills: readonly Gathered[]): Promise<Map<string, RowsElsewhere>> {
    if (bills.length === 0) return new Map();
    const bornOf = (bill: Gathered): string => bill.ours?.born ?? sinceOf(bill, run.day);
    const earliest = bills.map(bornOf).reduce((least, day) => (day < least ? day : least));
    const wanted = new Map<string, string[]>();
    for (const day of await this.runs.loadedDays(this.database, run, earliest)) {
      const known = bills.filter((bill) => bornOf(bill) <= day).map(({ billNo }) => billNo);
      if (known.length > 0) wanted.set(day, known);
    }
    return this.rows.sums(this.database, run.mchId, wanted);
  }
}

const NONE_OPEN: readonly OpenDifference[] = [];

function gather({ key, items }: Group, open: ReadonlyMap<string, readonly OpenDifference[]>): Gathered {
  const [settled = [], rows = [], awaited = []] = items;
  return {
    billNo: key,
    ours: settled[0] === undefined ? null : settledOfLine(settled[0]),
    rows: rows.map(rowOfText),
    awaitedSince: awaited[0]?.split('\t')[1] ?? null,
    open: open.get(key) ?? NONE_OPEN,
  };
}

function isPlain({ ours, rows, awaitedSince, open }: Gathered): boolean {
  return ours?.end === 'paid' && rows.length === 1 && awaitedSince === null && open.length === 0;
}

/** The day on which one side named the bill first. */
function sinceOf({ awaitedSince, open }: Gathered, day: string): string {
  return [awaitedSince ?? day, ...open.map(({ since }) => since), day].reduce((least, one) =>
    one < least ? one : least,
  );
}

function ageOf(since: string, frontier: string): number {
  return Math.max(0, daysBetween(since, frontier));
}

function sideOf(rows: readonly FlowRow[], { outRows, outFen, inRows, inFen }: FileSide): FileSide {
  for (const { direction, fen } of rows) {
    if (direction === 'out') {
      outRows += 1;
      outFen += fen;
    } else {
      inRows += 1;
      inFen += fen;
    }
  }
  return { outRows, outFen, inRows, inFen };
}

/** Counts, picks whom to ask about, and returns how many rows these were. */
function tally(counts: MatchCounts, bills: readonly JudgedBill[], sample: { every: number; shift: number }): number {
  let rows = 0;
  for (const { judgement, rows: own, ours, billNo } of bills) {
    rows += own.length;
    if (judgement.kind === 'matched') counts.matched += 1;
    if (judgement.kind === 'returned') counts.returned += 1;
    if (judgement.kind === 'waiting') counts.waiting += 1;
    const asked =
      (judgement.kind === 'matched' && counts.matched % sample.every === sample.shift) || judgement.kind === 'differs';
    if (asked && ours !== null && counts.toAsk.length < MAX_TO_ASK) counts.toAsk.push(billNo);
  }
  return rows;
}

function groupedByBill(differences: readonly OpenDifference[]): Map<string, OpenDifference[]> {
  const grouped = new Map<string, OpenDifference[]>();
  for (const one of differences) {
    // Who got the money is not in the file: that is asked for separately.
    if (one.kind !== 'payee') grouped.set(one.billNo, [...(grouped.get(one.billNo) ?? []), one]);
  }
  return grouped;
}

async function* linesOf(open: ReadonlyMap<string, unknown>): AsyncGenerator<readonly string[]> {
  yield [...open.keys()].sort();
}
