import { Injectable } from '@nestjs/common';
import { placeholders, type Reader, textOf, type Tx } from '@app/database';
import { memberId, type MemberId } from '@app/kernel';

/** An agreement that pays silently now. It holds at one merchant account only. */
export interface InForce {
  readonly outAuthorizationNo: string;
  readonly mchId: string;
}

/** Which people may be paid without a tap. */
@Injectable()
export class Authorisations {
  /**
   * Agreements in force by member; those without one are missing. Ask when an offer begins: the answer may be out of date a moment
   * later, and a send under an agreement that has ended is refused by WeChat and ends in a proven failure.
   */
  async inForce(reader: Reader, members: readonly MemberId[]): Promise<ReadonlyMap<MemberId, InForce>> {
    if (members.length === 0) return new Map();
    const rows = await reader.query<{ member_id: string; out_authorization_no: Buffer; mch_id: Buffer }>(
      `SELECT member_id, out_authorization_no, mch_id FROM payout_authorisations
       WHERE member_id IN (${placeholders(members)}) AND state = 'TAKING_EFFECT' AND wish = 'agree'`,
      members,
    );
    return new Map(
      rows.map((row) => [
        memberId(row.member_id),
        { outAuthorizationNo: textOf(row.out_authorization_no), mchId: textOf(row.mch_id) },
      ]),
    );
  }

  /** A payout of these people failed because WeChat says that their agreement is over: have it looked at now. */
  async doubt(tx: Tx, members: readonly MemberId[]): Promise<void> {
    if (members.length === 0) return;
    await tx.execute(
      `UPDATE payout_authorisations SET next_at = UTC_TIMESTAMP(6), updated_at = UTC_TIMESTAMP(6)
       WHERE member_id IN (${placeholders(members)}) AND state = 'TAKING_EFFECT' ORDER BY out_authorization_no`,
      members,
    );
  }
}
