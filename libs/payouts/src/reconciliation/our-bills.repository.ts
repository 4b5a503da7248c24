import { Injectable } from '@nestjs/common';
import { placeholders, textOf, type Reader } from '@app/database';
import { Defect, shanghaiDay, shanghaiDayStart, addDays } from '@app/kernel';
import { channelName } from '../payout';
import { payoutState, type PayoutState } from '../payout-state';
import type { BillEnd, OurBill } from './judge';
import type { RunKey } from './reconciliation-runs.repository';

const DAY_MS = 86_400_000;
/** TO_DAYS of 1970-01-01. */
const EPOCH_DAY = 719_528;
/** At the channel's own limit of a hundred a second a slice holds 60,000 payouts. */
const SLICE_MS = 600_000;

/** Our side: what we say about bills of one merchant account. Reads only. */
@Injectable()
export class OurBills {
  /** Bills of payouts that we settled on the day, in no order, as lines `bill number, payout key, channel, fen, day of birth`. */
  async *settledOn(reader: Reader, { mchId, day }: RunKey): AsyncGenerator<readonly string[]> {
    const begins = shanghaiDayStart(day).getTime();
    let next = this.settledBetween(reader, mchId, begins);
    for (let from = begins + SLICE_MS; from <= begins + DAY_MS; from += SLICE_MS) {
      const lines = await next;
      // The database looks for the next slice while this one is being sorted in.
      next = from < begins + DAY_MS ? this.settledBetween(reader, mchId, from) : Promise.resolve([]);
      next.catch(() => undefined);
      yield lines;
    }
  }

  /** One text a row: for a million rows that is a third of the work. */
  private async settledBetween(reader: Reader, mchId: string, from: number): Promise<string[]> {
    const rows = await reader.query<{ line: string }>(
      `SELECT CONVERT(CONCAT_WS(CHAR(9), bill_no, payout_key, channel, amount_fen, TO_DAYS(offered_at + INTERVAL 8 HOUR)) USING utf8mb4) AS line
       FROM payouts WHERE mch_id = ? AND settled_at >= ? AND settled_at < ? AND state = 'SETTLED' AND bill_no IS NOT NULL`,
      [mchId, new Date(from), new Date(from + SLICE_MS)],
    );
    return rows.map(({ line }) => line);
  }

  /** Bills by their numbers, whatever became of them; those that are not ours are not in the answer. */
  async find(reader: Reader, mchId: string, billNos: readonly string[]): Promise<Map<string, OurBillBorn>> {
    if (billNos.length === 0) return new Map();
    const rows = await reader.query<{
      bill_no: Buffer;
      payout_key: Buffer;
      channel: Buffer;
      amount_fen: string;
      offer_no: number;
      current_offer: number;
      state: Buffer;
      created_at: Date;
    }>(
      `SELECT b.bill_no, b.payout_key, b.channel, b.amount_fen, b.offer_no, p.offer_no AS current_offer, p.state, b.created_at
       FROM payout_bills b JOIN payouts p ON p.payout_key = b.payout_key
       WHERE b.mch_id = ? AND b.bill_no IN (${placeholders(billNos)})`,
      [mchId, ...billNos],
    );
    return new Map(
      rows.map((row) => {
        const billNo = textOf(row.bill_no);
        const state = payoutState(textOf(row.state));
        return [
          billNo,
          {
            ...{ billNo, payoutKey: textOf(row.payout_key), channel: channelName(textOf(row.channel)), state },
            amountFen: Number(row.amount_fen),
            // A later offer exists only because this bill was proven to have come to nothing.
            end: row.offer_no < row.current_offer ? 'failed' : endOf(state),
            born: shanghaiDay(row.created_at),
          },
        ];
      }),
    );
  }

  /** The day before the first one on which this account paid anything for us; null when it never did. */
  async firstDay(reader: Reader, mchId: string): Promise<string | null> {
    const [row] = await reader.query<{ at: Date | null }>(
      'SELECT MIN(settled_at) AS at FROM payouts WHERE mch_id = ?',
      [mchId],
    );
    return row?.at ? addDays(shanghaiDay(row.at), -1) : null;
  }
}

/** A bill and the Shanghai day on which it was made: no file of an earlier day can name it. */
export interface OurBillBorn extends OurBill {
  readonly born: string;
}

export function settledOfLine(line: string): OurBillBorn {
  const [billNo, payoutKey, channel, fen, born] = line.split('\t');
  if (billNo === undefined || payoutKey === undefined || channel === undefined || born === undefined) {
    throw new Defect('a spilled bill of ours was damaged');
  }
  const known = channelName(channel);
  return {
    billNo,
    payoutKey,
    channel: known,
    amountFen: Number(fen),
    end: 'paid',
    state: 'SETTLED',
    born: dayOf(born),
  };
}

function endOf(state: PayoutState): BillEnd {
  if (state === 'SETTLED') return 'paid';
  if (state === 'FAILED') return 'failed';
  return state === 'REFUNDED' ? 'refunded' : 'open';
}

const dayNames = new Map<string, string>();
const MOST_DAY_NAMES = 1_000;

/** The calendar day of a day number as MySQL counts them. */
function dayOf(number: string): string {
  const known = dayNames.get(number);
  if (known !== undefined) return known;
  const name = new Date((Number(number) - EPOCH_DAY) * DAY_MS).toISOString().slice(0, 10);
  if (dayNames.size >= MOST_DAY_NAMES) dayNames.clear();
  dayNames.set(number, name);
  return name;
}
