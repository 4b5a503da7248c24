import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { blindIndex, placeholders, type Reader, sealedAt, Sealer, textOf, type Tx } from '@app/database';
import { Defect, fenFromColumn, type Fen } from '@app/kernel';
import type { Payout } from '../payout';
import type { FrozenRequest } from '../channels/payout-channel';

/** One bill at WeChat: written once before the first byte is sent, never changed (the app has no right to). */
export interface Bill {
  readonly billNo: string;
  readonly payoutKey: string;
  readonly offerNo: number;
  readonly mchId: string;
  readonly amountFen: Fen;
  readonly payeeBlind: Buffer;
  readonly requestSealed: Buffer;
  readonly requestHash: Buffer;
}

interface BillRow {
  bill_no: Buffer;
  payout_key: Buffer;
  offer_no: number;
  mch_id: Buffer;
  amount_fen: string;
  payee_blind: Buffer;
  request_sealed: Buffer;
  request_hash: Buffer;
}

@Injectable()
export class Bills {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly sealer: Sealer,
  ) {}

  async find(reader: Reader, billNo: string): Promise<Bill | null> {
    return (await this.findAll(reader, [billNo])).get(billNo) ?? null;
  }

  /** Bills by number; those that were never written are missing. */
  async findAll(reader: Reader, billNos: readonly string[]): Promise<ReadonlyMap<string, Bill>> {
    if (billNos.length === 0) return new Map();
    const rows = await reader.query<BillRow>(
      `SELECT bill_no, payout_key, offer_no, mch_id, amount_fen, payee_blind, request_sealed, request_hash
       FROM payout_bills WHERE bill_no IN (${placeholders(billNos)})`,
      billNos,
    );
    return new Map(rows.map((row) => [textOf(row.bill_no), billOf(row)]));
  }

  /** Writes the bills of these offers. Unique keys refuse a second one for the same offer. */
  async freeze(tx: Tx, births: readonly { readonly payout: Payout; readonly frozen: Frozen }[]): Promise<void> {
    if (births.length === 0) return;
    await tx.execute(
      `INSERT INTO payout_bills (bill_no, payout_key, offer_no, channel, mch_id, amount_fen, payee_blind, request_sealed,
         request_hash, created_at)
       VALUES ${births.map(() => '(?, ?, ?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6))').join(', ')}`,
      births.flatMap(({ payout, frozen: { request, text, hash } }) => [
        ...[request.billNo, payout.payoutKey, payout.offerNo, request.channel, request.mchId, request.amountFen],
        ...[this.blind(request.openid), this.sealer.seal(text, aadOf(request.billNo)), hash],
      ]),
    );
  }

  /** The stored request of the payout's running offer, proven to be the one of the first attempt (I7). Throws Defect when it is not. */
  open(bill: Bill, payout: Payout): FrozenRequest {
    const request = this.stored(bill);
    const same =
      bill.payoutKey === payout.payoutKey &&
      bill.offerNo === payout.offerNo &&
      request.amountFen === payout.amountFen &&
      request.mchId === payout.mchId &&
      request.channel === payout.channel;
    if (!same) throw new Defect(`bill ${bill.billNo} does not fit its payout`);
    return request;
  }

  /** The stored request of a bill, be it of an earlier offer. Throws Defect when it was changed. */
  stored(bill: Bill): FrozenRequest {
    const text = this.sealer.open(bill.requestSealed, aadOf(bill.billNo));
    if (!requestHash(text).equals(bill.requestHash)) throw new Defect(`the request of bill ${bill.billNo} was changed`);
    const request = JSON.parse(text) as FrozenRequest;
    const own = request.billNo === bill.billNo && request.amountFen === bill.amountFen && request.mchId === bill.mchId;
    if (!own) throw new Defect(`the request of bill ${bill.billNo} is another's`);
    return request;
  }

  isPayee(bill: Bill, openid: string): boolean {
    return bill.payeeBlind.equals(this.blind(openid));
  }

  private blind(openid: string): Buffer {
    return blindIndex(this.config.keys.blindIndex, `openid:${openid}`);
  }
}

function billOf(row: BillRow): Bill {
  return {
    billNo: textOf(row.bill_no),
    payoutKey: textOf(row.payout_key),
    offerNo: row.offer_no,
    mchId: textOf(row.mch_id),
    amountFen: fenFromColumn(row.amount_fen),
    payeeBlind: row.payee_blind,
    requestSealed: row.request_sealed,
    requestHash: row.request_hash,
  };
}

/** A request with the exact text that is sealed and hashed. Keys keep the order in which the channel wrote them. */
export interface Frozen {
  readonly request: FrozenRequest;
  readonly text: string;
  readonly hash: Buffer;
}

export function freezeRequest(request: FrozenRequest): Frozen {
  const text = JSON.stringify(request);
  return { request, text, hash: requestHash(text) };
}

function requestHash(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}

function aadOf(billNo: string): string {
  return sealedAt('payout_bills', 'request_sealed', billNo);
}
