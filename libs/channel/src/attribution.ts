/** A distributor's right to an area: region × product line, from / to (half-open). */
export interface Territory {
  readonly id: number;
  readonly distributorId: number;
  /** Any level; 100000 is the whole country. */
  readonly adcode: number;
  /** null = every product line. */
  readonly productLine: string | null;
  readonly from: Date;
  /** null = open end. */
  readonly to: Date | null;
}

const CHINA = 100000;

/** Territories by adcode, each list in the order in which they are tried. */
export type TerritoryIndex = ReadonlyMap<number, readonly Territory[]>;

export function indexTerritories(territories: Iterable<Territory>): TerritoryIndex {
  const index = new Map<number, Territory[]>();
  for (const territory of territories) {
    const list = index.get(territory.adcode);
    if (list) list.push(territory);
    else index.set(territory.adcode, [territory]);
  }
  for (const list of index.values()) list.sort(inOrderOfTrial);
  return index;
}

/**
 * Whose territory a scan is in: the most specific region wins, then a territory for the product line before one for every line,
 * then the earlier one, then the lower id. Null for an unknown place and for nobody's land.
 */
export function attributeScan(
  index: TerritoryIndex,
  adcode: number | null,
  productLine: string,
  at: Date,
): number | null {
  if (adcode === null) return null;
  for (const region of upwards(adcode)) {
    const holder = index.get(region)?.find((territory) => covers(territory, productLine, at));
    if (holder) return holder.distributorId;
  }
  return null;
}

/** District, city, province, country: by digits, so that codes of an older edition keep their place. */
function upwards(adcode: number): number[] {
  const path = [adcode, adcode - (adcode % 100), adcode - (adcode % 10000), CHINA];
  return path.filter((region, level) => path.indexOf(region) === level);
}

function covers({ productLine, from, to }: Territory, line: string, at: Date): boolean {
  return (productLine === null || productLine === line) && from <= at && (to === null || at < to);
}

function inOrderOfTrial(a: Territory, b: Territory): number {
  const byLine = Number(a.productLine === null) - Number(b.productLine === null);
  return byLine || a.from.getTime() - b.from.getTime() || a.id - b.id;
}
