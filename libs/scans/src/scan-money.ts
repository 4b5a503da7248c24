import { Injectable } from '@nestjs/common';
import { Database } from '@app/database';
import { Rejected } from '@app/kernel';
import { AwardDetails, Awards, awardStanding, payoutKeyOf, type AwardDetail, type AwardRow } from '@app/rewards';
import { readId } from './explain-scan';
import { ScanRecords } from './scan-records.repository';

/** What a scan won and where it went: award → payout → evidence. */
export interface ScanMoneyTrail {
  readonly prizeName: string;
  readonly kind: AwardRow['prizeKind'];
  /** 0 unless the prize is money. */
  readonly amountFen: number;
  readonly campaignName: string;
  readonly wonAt: Date;
  readonly stateText: string;
  readonly hint: string | null;
  /** The payment it went out with, alone or together with other small amounts; null while nobody asked for the money. */
  readonly payout: {
    readonly payoutKey: string;
    readonly state: string;
    readonly amountFen: number;
    readonly pooled: boolean;
    readonly offerNo: number;
    readonly failReason: string | null;
    readonly settledAt: Date | null;
  } | null;
}

@Injectable()
export class ScanMoney {
  constructor(
    private readonly database: Database,
    private readonly records: ScanRecords,
    private readonly awards: Awards,
    private readonly details: AwardDetails,
  ) {}

  /** Null for a scan that won nothing. Throws Rejected 404 for an id that is not a scan. */
  async run(id: string): Promise<ScanMoneyTrail | null> {
    const { member, scanId } = readId(id);
    const record = await this.records.find(this.database, member, scanId);
    if (!record) throw new Rejected('no_such_scan', '没有这次扫码', 404);
    const won = await this.awards.ofCodes(this.database, [record.code]);
    const award = won.find((one) => one.member === member && one.scanId === scanId);
    if (!award) return null;
    const detail = (await this.details.read(this.database, [award])).get(payoutKeyOf(award))!;
    const { stateText, hint } = awardStanding(detail.progress, new Date());
    const { prizeName, prizeKind: kind, amountFen, wonAt } = award;
    const trail = { prizeName, kind, amountFen, wonAt, stateText, hint };
    return { ...trail, campaignName: detail.campaignName, payout: payoutOf(detail) };
  }
}

function payoutOf({ progress }: AwardDetail): ScanMoneyTrail['payout'] {
  if (progress.kind !== 'cash' && progress.kind !== 'locked') return null;
  if (progress.payout === null) return null;
  const { payoutKey, state, amountFen, offerNo, failReason, settledAt } = progress.payout;
  const pooled = (progress.gathers?.poolId ?? null) !== null;
  return { payoutKey, state, amountFen, pooled, offerNo, failReason, settledAt };
}
