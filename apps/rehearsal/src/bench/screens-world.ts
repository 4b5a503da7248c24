import type { createPool, RowDataPacket } from 'mysql2/promise';
import { MadeUpScans, PeopleWindows, type MadeUpWorld } from '@app/analytics';
import { CreateProduct, DraftBatch } from '@app/codes';
import { addDays, shanghaiDay } from '@app/kernel';
import { childrenOf, provinces } from '@app/regions';
import type { BenchSystem } from './bench-system';

const DAYS = 90;
const DISTRIBUTORS = 12;
const [PRODUCTS, BATCHES, CAMPAIGNS] = [6, 8, 5];
/** Of those who scan a code again, on average. */
const PEOPLE_TO_A_CODE = 5;

export type Owner = ReturnType<typeof createPool>;

/** Numbers of what the made-up scans are of. */
export interface Goods {
  readonly products: readonly number[];
  readonly batches: readonly number[];
}

/** Ninety days, today among them. */
export async function fill(
  system: BenchSystem,
  goods: Goods,
  scans: number,
  say: (text: string) => void,
): Promise<void> {
  const today = shanghaiDay(new Date());
  const history = { scans, from: addDays(today, 1 - DAYS), to: addDays(today, 1) };
  const began = performance.now();
  let written = 0;
  await system.use(MadeUpScans).write(world(goods), history, (_day, sum) => (written = sum));
  const seconds = (performance.now() - began) / 1_000;
  say(`  ${written.toLocaleString('en')} scans and their roll-ups in ${seconds.toFixed(0)} s`);
  const counting = performance.now();
  await system.use(PeopleWindows).runTo(addDays(today, -1));
  say(`  people of the days that are over, counted in ${((performance.now() - counting) / 1_000).toFixed(0)} s`);
}

/** Screens show goods by their names, so there have to be some. */
export async function printed(system: BenchSystem): Promise<Goods> {
  const act = { by: null };
  const products: number[] = [];
  for (let at = 0; at < PRODUCTS; at++) {
    const product = { sku: `SCREEN-${process.pid}-${at}`, gtin: null, name: `测量用茶 ${at}`, line: `line-${at}` };
    const { id } = await system
      .use(CreateProduct)
      .run({ ...product, spec: '500 ml', unitsPerCase: 15, imageUrl: null, priceFen: 550 }, act);
    products.push(id);
  }
  const batches: number[] = [];
  for (let at = 0; at < BATCHES; at++) {
    const layers = [{ layer: 0, name: '盖内码', purpose: 'prize' as const }];
    const batch = { productId: products[at % PRODUCTS]!, name: `测量批次 ${at}`, quantity: 1_000_000, layers };
    batches.push((await system.use(DraftBatch).run(batch, act)).id);
  }
  return { products, batches };
}

/** The clues about codes look into the scans themselves: the facts of today that were repeats get theirs, a few people to each code. */
export async function rescan(owner: Owner, { batches }: Goods): Promise<void> {
  const today = shanghaiDay(new Date());
  const [[repeats]] = await owner.query<RowDataPacket[]>(
    'SELECT COUNT(*) AS count FROM scan_facts WHERE day = ? AND verdict = 3',
    [today],
  );
  const codes = Math.max(1, Math.floor(Number(repeats?.count) / PEOPLE_TO_A_CODE));
  await owner.query(
    `INSERT INTO scans (member_id, scan_id, at, batch_id, layer, serial, verdict, counted, first_of_code, new_member, adcode, trust,
       product_id, facts, answer)
     SELECT member_id, scan_id, at, ?, 0, CRC32(scan_id) MOD ?, verdict, 0, 0, 0, adcode, 4, product_id, '{}', '{}'
       FROM scan_facts WHERE day = ? AND verdict = 3`,
    [batches[0], codes, today],
  );
}

/** Every city, each in one distributor's territory, by its size; six products in eight batches and five campaigns. */
function world({ products, batches }: Goods): MadeUpWorld {
  const cities = provinces().flatMap(({ adcode }) => childrenOf(adcode).filter(({ level }) => level === 'city'));
  const places = cities.flatMap(({ adcode }, at) => {
    const districts = childrenOf(adcode).slice(0, 1 + (at % 5));
    const homes = districts.length > 0 ? districts.map((district) => district.adcode) : [adcode];
    return homes.map((home) => ({ adcode: home, distributorId: 1 + (at % DISTRIBUTORS) }));
  });
  const unknown = Array.from({ length: Math.round(places.length / 20) }, () => ({ adcode: 0, distributorId: 0 }));
  const goods = Array.from({ length: 24 }, (_, at) => ({
    ...{ productId: products[at % PRODUCTS]!, batchId: batches[at % BATCHES]!, campaignId: 1 + (at % CAMPAIGNS) },
  }));
  return { places: [...places, ...unknown], goods };
}
