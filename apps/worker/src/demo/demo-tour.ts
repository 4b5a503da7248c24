import { Injectable } from '@nestjs/common';
import { CodeBook } from '@app/codes';
import { ExplainScan } from '@app/scans';
import type { DemoBrand } from './demo-brand';
import { freshSerials } from './fresh-serials';
import type { DemoPerson } from './demo-people';
import { TOUR_CAMPAIGN } from './tour-campaign';

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
