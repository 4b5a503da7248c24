import { Injectable } from '@nestjs/common';
import { CampaignCatalog } from '@app/campaigns';
import { Database } from '@app/database';
import {
  checkLimit,
  readCursor,
  Rejected,
  writeCursor,
  type CodeTriple,
  type Fen,
  type MemberId,
  type Page,
} from '@app/kernel';
import { PayoutViews, type PayoutView } from '@app/payouts';
import { payoutKeyOf, type AwardRow } from './award';
import { AwardIds } from './award-ids';
import { awardStanding, type AwardStanding } from './award-state';
import { Awards } from './awards.repository';

/** A win and where its money is. */
export interface AwardView extends AwardStanding {
  readonly awardId: string;
  readonly kind: AwardRow['prizeKind'];
  readonly prizeName: string;
  /** Null unless the prize is money. */
  readonly amountFen: Fen | null;
  readonly campaignName: string;
  readonly wonAt: string;
  /** What `requestMerchantTransfer` takes; only while the person is to confirm. */
  readonly confirm: { readonly mchId: string; readonly appId: string; readonly package: string } | null;
  readonly expiresAt: string | null;
}

@Injectable()
export class AwardViews {
  constructor(
    private readonly database: Database,
    private readonly awards: Awards,
    private readonly ids: AwardIds,
    private readonly payouts: PayoutViews,
    private readonly campaigns: CampaignCatalog,
  ) {}

  /** One win of this member. Throws Rejected 404 for a foreign or unknown one, without telling which. */
  async one(member: MemberId, awardId: string): Promise<AwardView> {
    return (await this.views([await this.owned(member, awardId)]))[0]!;
  }

  /** The row behind an id, if it is this member's. */
  async owned(member: MemberId, awardId: string): Promise<AwardRow> {
    const code = this.ids.read(awardId);
    const [award] = code ? await this.awards.ofCodes(this.database, [code]) : [];
    if (!award || award.member !== member) throw new Rejected('no_such_award', '没有找到这份奖励', 404);
    return award;
  }

  /** A member's wins, newest first. */
  async list(member: MemberId, page: { limit: number; cursor?: string | null }): Promise<Page<AwardView>> {
    const limit = checkLimit(page.limit);
    const rows = await this.awards.ofMember(
      this.database,
      member,
      limit + 1,
      page.cursor ? positionOf(page.cursor) : null,
    );
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    return {
      items: await this.views(shown),
      nextCursor: rows.length > limit && last ? cursorOf(last) : null,
    };
  }

  private async views(awards: readonly AwardRow[]): Promise<AwardView[]> {
    const payouts = await this.payouts.payoutViews(awards.map(payoutKeyOf));
    const versions = await this.campaigns.byIds(
      this.database,
      awards.map((award) => award.versionId),
    );
    const names = new Map(versions.map((version) => [version.versionId, version.content.name]));
    return awards.map((award) =>
      this.view(award, payouts.get(payoutKeyOf(award)) ?? null, names.get(award.versionId) ?? ''),
    );
  }

  private view(award: AwardRow, payout: PayoutView | null, campaignName: string): AwardView {
    const cash = award.prizeKind === 'cash';
    return {
      awardId: this.ids.make(award.code, award.slot),
      kind: award.prizeKind,
      prizeName: award.prizeName,
      amountFen: cash ? award.amountFen : null,
      campaignName,
      wonAt: award.wonAt.toISOString(),
      ...awardStanding(cash, payout),
      confirm: payout?.confirm ?? null,
      expiresAt: payout?.billExpiresAt?.toISOString() ?? null,
    };
  }
}

function cursorOf({ wonAt, code }: AwardRow): string {
  return writeCursor([wonAt.toISOString(), code.batch, code.layer, code.serial]);
}

function positionOf(cursor: string): { wonAt: Date; code: CodeTriple } {
  const [at, batch, layer, serial] = readCursor(cursor, 4);
  const wonAt = new Date(String(at));
  const numbers = [batch, layer, serial].map(Number);
  if (Number.isNaN(wonAt.getTime()) || !numbers.every(Number.isInteger)) {
    throw new Rejected('bad_cursor', '翻页标记无效，请从第一页重新开始', 400);
  }
  return { wonAt, code: { batch: numbers[0]!, layer: numbers[1]!, serial: numbers[2]! } };
}
