/** What an order became of: an address is there, a shipment has it, a parcel carries it. */
export const ORDER_STATES = ['waiting', 'taken', 'shipped'] as const;
export type OrderState = (typeof ORDER_STATES)[number];

/** The parcel of an order. */
export interface Parcel {
  /** 2 to 20 characters, e.g. 顺丰. */
  readonly carrier: string;
  /** 6 to 32 of [0-9A-Z-]. */
  readonly trackingNo: string;
  readonly shippedAt: Date;
}

/** A line of a tracking file, as it was typed. */
export interface TrackingLine {
  readonly orderNo: string;
  readonly carrier: string;
  readonly trackingNo: string;
}

/**
 * `bad_line`: not three columns; `bad_order`: no order of ours; `bad_carrier`, `bad_number`: not as they are written; `repeated`: the order
 * stands further up in the same file; `not_taken`: its address was not exported, so nobody can have packed it.
 */
export type TrackingFault = 'bad_line' | 'bad_order' | 'bad_carrier' | 'bad_number' | 'repeated' | 'not_taken';

export const MOST_TRACKING_LINES = 1000;
const NUMBER = /^[0-9A-Z][0-9A-Z-]{5,31}$/;

/** The line as it is kept, or what is wrong with it. */
export function checkedTracking({ orderNo, carrier, trackingNo }: TrackingLine): TrackingLine | TrackingFault {
  const name = carrier.trim();
  const length = [...name].length;
  if (length < 2 || length > 20 || /\p{C}/u.test(name)) return 'bad_carrier';
  const number = trackingNo.trim().toUpperCase().replaceAll(' ', '');
  if (!NUMBER.test(number)) return 'bad_number';
  return { orderNo: orderNo.trim(), carrier: name, trackingNo: number };
}

/** Lines of a file `订单号,快递公司,运单号`: UTF-8, commas or tabs, a heading and blank lines are passed over; null = not three columns. */
export function trackingLines(text: string): { line: number; said: TrackingLine | null }[] {
  const rows = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  return rows
    .map((row, index) => ({ line: index + 1, row: row.trim() }))
    .filter(({ line, row }) => row !== '' && !(line === 1 && /订单号|order/i.test(row)))
    .map(({ line, row }) => {
      const cells = row.split(/[,\t，]/).map(cell);
      const [orderNo, carrier, trackingNo] = cells;
      const whole = cells.length === 3 && orderNo && carrier && trackingNo;
      return { line, said: whole ? { orderNo, carrier, trackingNo } : null };
    });
}

/** Without the quotes of a spreadsheet, and without the apostrophe that keeps its cells text. */
function cell(text: string): string {
  return text
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .replaceAll('""', '"')
    .replace(/^'/, '')
    .trim();
}
