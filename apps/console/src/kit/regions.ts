import { shallowRef } from 'vue';
import { answer, client, type Schemas } from '../api';

export type Region = Schemas['RegionNodeDto'];
/** As a cascader takes it, hence open. */
export interface RegionBranch extends Record<string, unknown> {
  value: number;
  label: string;
  children?: RegionBranch[];
}

const known = shallowRef<ReadonlyMap<number, Region>>(new Map());
let asked: Promise<void> | null = null;

/** GB/T 2260, asked for once and kept. Until it is there, names are the codes themselves. */
export const regions = {
  load(): Promise<void> {
    asked ??= answer(client.GET('/v1/console/regions')).then(
      ({ items }) => {
        known.value = new Map(items.map((region) => [region.adcode, region]));
      },
      (error: unknown) => {
        asked = null;
        throw error;
      },
    );
    return asked;
  },
  /** `合肥市`; its code where the division is not known. */
  name: (adcode: number): string => known.value.get(adcode)?.name ?? String(adcode),
  /** `安徽省 合肥市`. A municipality is named once. */
  words(adcode: number): string {
    const region = known.value.get(adcode);
    if (!region) return String(adcode);
    const above = region.parent === null ? '' : regions.words(region.parent);
    return above === '' || above === region.name ? region.name : `${above} ${region.name}`;
  },
  /** The tree down to a level, for a cascader. */
  tree(finest: Region['level'] = 'district'): RegionBranch[] {
    const children = new Map<number | null, Region[]>();
    for (const region of known.value.values()) {
      if (finest === 'province' && region.level !== 'province') continue;
      if (finest === 'city' && region.level === 'district') continue;
      const beside = children.get(region.parent);
      if (beside) beside.push(region);
      else children.set(region.parent, [region]);
    }
    const branch = ({ adcode, name }: Region): RegionBranch => {
      const below = children.get(adcode)?.map(branch);
      return { value: adcode, label: name, ...(below && { children: below }) };
    };
    return (children.get(null) ?? []).map(branch);
  },
};
