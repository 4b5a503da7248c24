import type { FlowRow } from './flow-row';

/**
 * What the operator can make a bill file say that the book does not. `drop`: the rows of a bill are missing. `double`: they stand there twice. `amount`: another
 * amount. `returned`: a row says the money came back. `add`: a row of a payment nobody booked. The others spoil the file itself: `header` renames a column, `totals`
 * adds a fen to the sum, `cut` ends the file before its totals, `hash` makes the promised checksum wrong.
 */
export const FALSE_KINDS = ['drop', 'double', 'amount', 'returned', 'add', 'header', 'totals', 'cut', 'hash'] as const;
export type FalseKind = (typeof FALSE_KINDS)[number];

export interface Falsification {
  readonly kind: FalseKind;
  readonly outBillNo?: string;
  readonly amountFen?: number;
  /** 业务名称 of an added row. */
  readonly business?: string;
}

const NEEDS_BILL: readonly FalseKind[] = ['drop', 'double', 'amount', 'returned', 'add'];
const NEEDS_AMOUNT: readonly FalseKind[] = ['amount', 'add'];
const MOST = 100_000;

/** Kept in memory only: a restart tells the truth again. */
export class Falsifications {
  private readonly byDay = new Map<string, Falsification[]>();
  /** Rises with every change. */
  version = 0;

  /** What is wrong with the order, or undefined when it was taken. */
  order(mchId: string, day: string, orders: readonly Falsification[]): string | undefined {
    for (const { kind, outBillNo, amountFen } of orders) {
      if (NEEDS_BILL.includes(kind) && outBillNo === undefined) return `${kind} needs outBillNo`;
      if (NEEDS_AMOUNT.includes(kind) && amountFen === undefined) return `${kind} needs amountFen`;
    }
    const known = this.byDay.get(keyOf(mchId, day)) ?? [];
    if (known.length + orders.length > MOST) return `there are ${MOST} already; clear some`;
    this.byDay.set(keyOf(mchId, day), [...known, ...orders]);
    this.version += 1;
    return undefined;
  }

  clear(): void {
    this.byDay.clear();
    this.version += 1;
  }

  has(mchId: string, day: string, kind: FalseKind): boolean {
    return this.of(mchId, day).some((one) => one.kind === kind);
  }

  /** The rows as the file will say them. */
  *applied(rows: Iterable<FlowRow>, mchId: string, day: string): Generator<FlowRow> {
    const all = this.of(mchId, day);
    const ofBill = new Map<string, Falsification[]>();
    for (const one of all) {
      if (one.outBillNo === undefined || one.kind === 'add') continue;
      ofBill.set(one.outBillNo, [...(ofBill.get(one.outBillNo) ?? []), one]);
    }
    let count = 0;
    for (const row of rows) {
      count += 1;
      yield* said(row, ofBill.get(row.voucher) ?? []);
    }
    for (const one of all) if (one.kind === 'add') yield added(one, mchId, day, (count += 1));
  }

  private of(mchId: string, day: string): readonly Falsification[] {
    return this.byDay.get(keyOf(mchId, day)) ?? [];
  }
}

function* said(row: FlowRow, orders: readonly Falsification[]): Generator<FlowRow> {
  if (orders.some(({ kind }) => kind === 'drop')) return;
  const changed = orders.find(({ kind }) => kind === 'amount');
  const told = changed === undefined ? row : { ...row, amountFen: changed.amountFen ?? row.amountFen };
  yield told;
  if (orders.some(({ kind }) => kind === 'double')) yield { ...told, flowNo: `${row.flowNo}9` };
  if (orders.some(({ kind }) => kind === 'returned')) {
    yield { ...told, flowNo: `${row.flowNo}8`, income: true, kind: `${row.business}退回` };
  }
}

function added(one: Falsification, mchId: string, day: string, count: number): FlowRow {
  const flowNo = `${mchId}${day.replaceAll('-', '')}7${String(count).padStart(11, '0')}`;
  const business = one.business ?? '商家转账';
  return {
    at: Date.parse(`${day}T12:00:00+08:00`),
    ...{ platformNo: `1317${flowNo}`, flowNo, business, kind: business, income: false },
    ...{ amountFen: one.amountFen ?? 0, balanceFen: 0, applicant: `${mchId}API`, remark: '扫码有礼活动奖励' },
    voucher: one.outBillNo ?? '',
  };
}

function keyOf(mchId: string, day: string): string {
  return `${mchId}|${day}`;
}
