import { Injectable } from '@nestjs/common';
import { MadeUpScans, type MadeUpPlace } from '@app/analytics';
import { TerritoryMap } from '@app/channel';
import { Database } from '@app/database';
import { addDays, shanghaiDay } from '@app/kernel';
import { childrenOf, provinces } from '@app/regions';
import type { DemoBrand } from './demo-brand';
import { Dice } from './dice';
import { ELSEWHERE, THIRST } from './demo-people';

const DAYS = 90;
/** People live in so many places; each of them drinks like the others. */
const PLACES = 1_024;
const UNKNOWN_SHARE = 0.05;
/** Only the city is known. */
const CITY_SHARE = 0.06;
const SEED = 20260822;
/** How much a province's first city is ahead of the next. */
const CAPITAL = 0.8;

/** A big brand's last three months: as many scans as wished for, in the demo brand's places and with its goods. */
@Injectable()
export class ManyScans {
  constructor(
    private readonly database: Database,
    private readonly territories: TerritoryMap,
    private readonly scans: MadeUpScans,
  ) {}

  async write(brand: DemoBrand, scans: number, told: (day: string, scans: number) => void): Promise<void> {
    const today = shanghaiDay(new Date());
    const from = addDays(today, -DAYS);
    await this.scans.write({ places: this.places(), goods: await this.goods(brand) }, { scans, from, to: today }, told);
  }

  private places(): MadeUpPlace[] {
    const dice = new Dice(SEED);
    const now = new Date();
    const shares = provinces().map(({ adcode }) => THIRST[adcode] ?? ELSEWHERE / 30);
    return Array.from({ length: PLACES }, () => {
      const adcode = dice.next() < UNKNOWN_SHARE ? 0 : home(provinces()[dice.weighted(shares)]!.adcode, dice);
      const distributorId = adcode === 0 ? null : this.territories.attribute(adcode, 'lime', now);
      return { adcode, distributorId: distributorId ?? 0 };
    });
  }

  /** The demo's teas as they sell, each in the campaigns that there are. */
  private async goods({ teas }: DemoBrand): Promise<{ productId: number; batchId: number; campaignId: number }[]> {
    const campaigns = await this.database.query<{ id: number }>(
      "SELECT id FROM campaigns WHERE status <> 'draft' ORDER BY id LIMIT 5",
    );
    return teas.flatMap(({ productId, batchId }, index) =>
      Array.from({ length: [5, 3, 2][index] ?? 1 }, (_, at) => ({
        ...{ productId, batchId, campaignId: campaigns[at % Math.max(1, campaigns.length)]?.id ?? 0 },
      })),
    );
  }
}

/** A district of the province, or a city of which no more is known. */
function home(province: number, dice: Dice): number {
  const cities = childrenOf(province).filter(({ level }) => level === 'city');
  if (cities.length === 0) return province;
  const city = cities[dice.weighted(cities.map((_, at) => 1 / (at + 1) ** CAPITAL))]!;
  const districts = childrenOf(city.adcode);
  return districts.length === 0 || dice.next() < CITY_SHARE
    ? city.adcode
    : districts[dice.below(districts.length)]!.adcode;
}
