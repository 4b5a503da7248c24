import { Injectable } from '@nestjs/common';
import { CodeBook } from '@app/codes';
import type { CampaignContent } from '@app/campaigns';
import { ExplainScan } from '@app/scans';
import type { DemoBrand } from './demo-brand';
import { common, LEGAL, sure } from './demo-campaign';
import { freshSerials } from './fresh-serials';
import type { DemoPerson } from './demo-people';

export const TOUR_CAMPAIGN = '桂花乌龙·瓶瓶有礼';
/** Enough bottles for a tour that is played a few times between two starts. */
const TOUR_CODES = 24;

/** Two who open bottles often enough for a gold card, and live where the tour needs them. */
export const TOUR_PEOPLE: readonly DemoPerson[] = [
  {
    ...{ id: 'tour-hefei', nickname: '徐嘉禾', city: '合肥市', adcode: 340100, thirst: 7 },
    ...{ ip: '36.5.148.21', latitude: 31.8206, longitude: 117.2272 },
  },
  {
    ...{ id: 'tour-nanjing', nickname: '陆时雨', city: '南京市', adcode: 320100, thirst: 7 },
    ...{ ip: '58.212.40.33', latitude: 32.0603, longitude: 118.7969 },
  },
];

/** Every bottle of one product is worth 1.88 yuan: what the guided tour opens, and what it doubles. */
export function tourCampaign(budgetId: number, product: number): CampaignContent {
  return {
    ...common(budgetId, [product]),
    name: TOUR_CAMPAIGN,
    lane: 'base',
    alwaysWins: true,
    rules: [{ key: 'everybody', name: '瓶瓶有礼', when: { all: [] }, then: sure('every') }],
    prizes: [{ kind: 'cash', key: 'every', name: '桂花红包', amount: { type: 'fixed', fen: 188 }, stock: null }],
    copy: { title: TOUR_CAMPAIGN, ruleText: '每瓶盖内一码，扫码得 1.88 元；同一瓶只奖一次。' },
    legal: {
      ...LEGAL,
      disclosure: '活动时间 2026-05-01 至 2027-04-30。参与条件：扫盖内码。桂花红包 1.88 元（每瓶 100%）。',
      announcedArea: [],
    },
  };
}

/** What `/tour` plays with. */
export interface TourStory {
  readonly campaignId: number;
  readonly campaignName: string;
  /** Bottles that nobody has opened. */
  readonly codes: readonly string[];
  /** Users of the stand-in WeChat. */
  readonly people: { readonly hefei: string; readonly nanjing: string };
}

@Injectable()
export class DemoTour {
  constructor(
    private readonly codeBook: CodeBook,
    private readonly scans: ExplainScan,
  ) {}

  async run({ tour }: DemoBrand): Promise<TourStory> {
    const serials = await freshSerials(this.scans, this.codeBook, tour.batchId, TOUR_CODES);
    return {
      campaignId: tour.campaignId,
      campaignName: TOUR_CAMPAIGN,
      codes: serials.map((serial) => this.codeBook.encode({ batch: tour.batchId, layer: 0, serial })),
      people: { hefei: TOUR_PEOPLE[0]!.id, nanjing: TOUR_PEOPLE[1]!.id },
    };
  }
}
