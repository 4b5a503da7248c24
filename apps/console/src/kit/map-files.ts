interface Feature {
  readonly id?: string;
  readonly properties: { readonly id?: string; readonly name: string; readonly cp?: readonly [number, number] };
}

export interface MapPlace {
  readonly name: string;
  readonly adcode: number | null;
  /** Longitude and latitude of where its name stands. */
  readonly point: readonly [number, number] | null;
}

const known = new Map<string, Promise<readonly MapPlace[]>>();

/** The map of the country (null) or of a province, registered under the name that charts use. Asked for once. */
export function loadMap(province: number | null): Promise<readonly MapPlace[]> {
  const name = mapName(province);
  const asked = known.get(name) ?? fetchMap(name);
  known.set(name, asked);
  asked.catch(() => known.delete(name));
  return asked;
}

export function mapName(province: number | null): string {
  return province === null ? 'china' : String(province);
}

/** Where a city or province lies; null where no map says. */
export async function pointOf(adcode: number): Promise<readonly [number, number] | null> {
  const province = adcode - (adcode % 10_000);
  const at = (places: readonly MapPlace[], code: number): MapPlace['point'] =>
    places.find((place) => place.adcode === code)?.point ?? null;
  if (adcode !== province) {
    const cities = await loadMap(province).catch(() => []);
    const point = at(cities, adcode);
    if (point) return point;
  }
  return at(await loadMap(null).catch(() => []), province);
}

async function fetchMap(name: string): Promise<readonly MapPlace[]> {
  // Who only asks where a city lies must not wait for the charts' code: it is larger than the page.
  const [answer, { registerMap }] = await Promise.all([
    fetch(`${import.meta.env.BASE_URL}assets/maps/${name}.json`),
    import('./chart.vue'),
  ]);
  if (!answer.ok) throw new Error(`no map ${name}`);
  const file = (await answer.json()) as { readonly features: readonly Feature[] };
  registerMap(name, file as unknown as Parameters<typeof registerMap>[1]);
  return file.features.map(({ id, properties }) => ({
    name: properties.name,
    adcode: Number(properties.id ?? id ?? 0) || null,
    point: properties.cp ?? null,
  }));
}
