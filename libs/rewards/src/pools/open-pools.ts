import { Injectable } from '@nestjs/common';
import { CampaignCatalog, type CampaignContent } from '@app/campaigns';
import type { Reader } from '@app/database';
import { Defect, type MemberId } from '@app/kernel';
import { PayoutViews, Releases } from '@app/payouts';
import { payoutKeyOf, type AwardRow } from '../award';
import { Awards } from '../awards.repository';
import { openPoolsOf, type Gathering, type OpenPool } from './pool';
import { GATHERS_BELOW_FEN, MOST_AWARDS_IN_A_POOL, Pooling } from './pooling';
import { Pools } from './pools.repository';

/** Two full pools: a member with more small amounts sees the rest when these are paid. */
const MOST_READ = 2 * MOST_AWARDS_IN_A_POOL;

/** What gathers for a person now. */
@Injectable()
export class OpenPools {
  constructor(
    private readonly campaigns: CampaignCatalog,
    private readonly awards: Awards,
    private readonly pools: Pools,
    private readonly payouts: PayoutViews,
    private readonly releases: Releases,
    private readonly pooling: Pooling,
  ) {}

  /** `numbers`: all numbers of the person, the one that is left after merges first. Inside a transaction pass it as `reader`. */
  async of(reader: Reader, numbers: readonly MemberId[]): Promise<OpenPool[]> {
    const [member] = numbers;
    if (member === undefined) throw new Defect('a person without a number');
    const gathering = await this.gathering(reader, await this.loose(reader, numbers));
    if (gathering.length === 0) return [];
    return openPoolsOf(member, gathering, await this.pools.ordinals(reader, member), MOST_AWARDS_IN_A_POOL);
  }

  /** Those of the awards that are too small to be paid alone, by payout key: whether there is a pool for them just now or not. */
  async gathersAmong(reader: Reader, awards: readonly AwardRow[]): Promise<ReadonlySet<string>> {
    const small = awards.filter(({ amountFen }) => amountFen > 0 && amountFen < GATHERS_BELOW_FEN);
    return new Set((await this.gathering(reader, small)).map(({ award }) => payoutKeyOf(award)));
  }

  /** Small amounts that are in no pool and were neither asked for by themselves nor released, and of locked packets only those that were opened. */
  private async loose(reader: Reader, numbers: readonly MemberId[]): Promise<AwardRow[]> {
    const small = await this.awards.unpooledBelow(reader, numbers, GATHERS_BELOW_FEN, MOST_READ);
    const opened = await this.awards.openedAt(
      reader,
      small.filter(({ prizeKind }) => prizeKind === 'locked'),
    );
    const free = small.filter((award) => award.prizeKind === 'cash' || opened.has(payoutKeyOf(award)));
    const keys = free.map(payoutKeyOf);
    const [asked, released] = [
      await this.payouts.payoutViews(keys, reader),
      await this.releases.releasedAt(reader, keys),
    ];
    return free.filter((_, index) => !asked.has(keys[index]!) && !released.has(keys[index]!));
  }

  private async gathering(reader: Reader, loose: readonly AwardRow[]): Promise<Gathering[]> {
    const contents = await this.contents(reader, loose);
    return loose.flatMap((award) => {
      const content = contents.get(award.versionId);
      if (!content) throw new Defect('an award of a version that is not there');
      const untilFen = this.pooling.until(award.amountFen, content);
      return untilFen === null ? [] : [{ award, untilFen }];
    });
  }

  private async contents(reader: Reader, awards: readonly AwardRow[]): Promise<ReadonlyMap<number, CampaignContent>> {
    const ids = [...new Set(awards.map(({ versionId }) => versionId))];
    const versions = await this.campaigns.byIds(reader, ids);
    return new Map(versions.map(({ versionId, content }) => [versionId, content]));
  }
}
