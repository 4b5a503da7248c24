import { codeKey, Defect, type CodeTriple } from '@app/kernel';
import { dealPosition, dealSeed } from '../deal';
import type { Draw } from '../decision';
import type { DealtSegment } from '../document/campaign-content';
import { drawnNumber, drawTextStart } from '../draw';
import { QuickHmac, type TextStart } from '../quick-hmac';

/**
 * The luck of `drawsOf`, to the bit, for one code after another: a replay cannot wait for node:crypto a million times. One object is
 * used for all codes; `turnTo` says whose luck is asked next. `real` is the key of the campaigns themselves, `pretended` another key:
 * whoever replays a campaign must not learn what a code holds that has not given its prize yet.
 */
export class QuickLuck implements Draw {
  private readonly sources: { readonly hmac: QuickHmac; readonly key: Buffer; readonly seeds: Map<string, Buffer> }[];
  private source = 0;
  private code: CodeTriple = { batch: 0, layer: 0, serial: 0 };
  private drawnFor = -1;
  private words: Int32Array | null = null;
  private latest: { campaignId: number; batch: number; layer: number; start: TextStart } | null = null;

  constructor(keys: { readonly real: Buffer; readonly pretended: Buffer }) {
    this.sources = [keys.real, keys.pretended].map((key) => ({ hmac: new QuickHmac(key), key, seeds: new Map() }));
  }

  /** `code` is kept, not copied. */
  turnTo(code: CodeTriple, luck: 'real' | 'pretended'): void {
    this.code = code;
    this.source = luck === 'real' ? 0 : 1;
    this.words = null;
  }

  number(campaignId: number, slot: number): number {
    if (this.words === null || this.drawnFor !== campaignId) {
      this.words = this.sources[this.source]!.hmac.digestNumber(this.startOf(campaignId), this.code.serial);
      this.drawnFor = campaignId;
    }
    return drawnNumber(this.words, slot);
  }

  /** Scans come from a few printings: mostly it is the one that was asked for last. */
  private startOf(campaignId: number): TextStart {
    const { batch, layer } = this.code;
    const { latest } = this;
    if (latest?.campaignId === campaignId && latest.batch === batch && latest.layer === layer) return latest.start;
    const start = this.sources[0]!.hmac.start(drawTextStart(campaignId, this.code));
    this.latest = { campaignId, batch, layer, start };
    return start;
  }

  position(campaignId: number, ruleKey: string, segment: DealtSegment): number {
    const { batch, layer, serial } = this.code;
    if (batch !== segment.batch || layer !== segment.layer || serial < segment.from || serial >= segment.to) {
      throw new Defect(`code ${codeKey(this.code)} is not dealt in ${ruleKey} of campaign ${campaignId}`);
    }
    const { key, seeds } = this.sources[this.source]!;
    const deal = `${campaignId}|${ruleKey}|${batch}|${layer}|${segment.from}|${segment.to}`;
    let seed = seeds.get(deal);
    if (!seed) seeds.set(deal, (seed = dealSeed(key, campaignId, ruleKey, segment)));
    return dealPosition(seed, segment.to - segment.from, serial - segment.from);
  }
}
