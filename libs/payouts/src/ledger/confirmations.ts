import { Injectable } from '@nestjs/common';
import type { Tx } from '@app/database';
import { Defect } from '@app/kernel';
import type { ChannelName } from '../channels/payout-channel';
import { bookJournals, journal, transfer, type Journal } from './journal';
import { clearing } from './settlements';

/** A line of the channel's own bill file about one of our bills. */
export interface ConfirmedBill {
  readonly billNo: string;
  readonly mchId: string;
  readonly channel: ChannelName;
  readonly amountFen: number;
}

/** Money that came into the merchant's account, or left it, other than by our bills. */
export interface BalanceMove {
  /** The file's own number of the line. */
  readonly key: string;
  readonly mchId: string;
  /** Positive = topped up, negative = withdrawn. */
  readonly amountFen: number;
}

/**
 * What the channel's bill file proves: clearing moves on to our copy of the merchant's balance, so a channel's account is 0 once
 * everything that we settled was found. All of it is booked once by its key, however often the file is read; each call returns how
 * many lines were new, and throws Defect for a line that was booked before with another amount.
 */
@Injectable()
export class Confirmations {
  /** Settled bills that the file says left the merchant's balance. */
  async confirm(tx: Tx, bills: readonly ConfirmedBill[]): Promise<number> {
    return book(
      tx,
      bills.map((bill) => {
        const legs = transfer(`merchant:${bill.mchId}`, clearing(bill), bill.amountFen);
        return journal({ key: `confirm:${bill.billNo}`, kind: 'confirm', legs });
      }),
    );
  }

  /** Refunded bills whose money the file says is back. */
  async confirmRefunds(tx: Tx, bills: readonly ConfirmedBill[]): Promise<number> {
    return book(
      tx,
      bills.map((bill) => {
        const legs = transfer(clearing(bill), `merchant:${bill.mchId}`, bill.amountFen);
        return journal({ key: `confirm-refund:${bill.billNo}`, kind: 'confirm', legs });
      }),
    );
  }

  /** Top-ups and withdrawals. */
  async moveBalances(tx: Tx, moves: readonly BalanceMove[]): Promise<number> {
    return book(
      tx,
      moves.map(({ key, mchId, amountFen }) => {
        if (amountFen === 0) throw new Defect('a balance moved by nothing');
        const merchant = `merchant:${mchId}` as const;
        const legs =
          amountFen > 0 ? transfer('outside', merchant, amountFen) : transfer(merchant, 'outside', -amountFen);
        return journal({ key: `balance:${mchId}:${key}`, kind: 'transfer', legs });
      }),
    );
  }
}

async function book(tx: Tx, entries: readonly Journal[]): Promise<number> {
  return (await bookJournals(tx, entries)).length;
}
