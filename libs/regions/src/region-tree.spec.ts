import fc from 'fast-check';
import { placeByName, provinceByNameOf } from './region-names';
import {
  ancestorsOf,
  CHINA,
  childrenOf,
  cityOf,
  namesOf,
  provinceOf,
  provinces,
  regionOf,
  regionWords,
  searchRegions,
  within,
  type Region,
} from './region-tree';

const cities = provinces().flatMap((province) => childrenOf(province.adcode));
const districts = cities.flatMap((city) => childrenOf(city.adcode));
const all: readonly Region[] = [...provinces(), ...cities, ...districts];

describe('region tree', () => {
  it('holds 34 provinces, 369 cities and 3,479 districts, each in its place', () => {
    expect([provinces().length, cities.length, districts.length]).toEqual([34, 369, 3479]);
    expect(regionOf(340104)).toEqual({ adcode: 340104, name: '蜀山区', level: 'district', parent: 340100 });
    expect(regionOf(340100)).toEqual({ adcode: 340100, name: '合肥市', level: 'city', parent: 340000 });
    expect(regionOf(340000)).toEqual({ adcode: 340000, name: '安徽省', level: 'province', parent: null });
    expect(new Set([regionOf(653228)?.name, regionOf(653229)?.name])).toEqual(new Set(['和安县', '和康县']));
    expect(regionOf(999999)).toBeNull();
  });

  it('agrees with itself: within, ancestors, parents and children tell one story', () => {
    fc.assert(
      fc.property(fc.constantFrom(...all), fc.constantFrom(...all), (child, other) => {
        expect(within(child.adcode, other.adcode)).toBe(
          child === other || ancestorsOf(child.adcode).includes(other.adcode),
        );
      }),
      { numRuns: 3000 },
    );
    for (const region of all) {
      const path = ancestorsOf(region.adcode);
      expect(path.length).toBe(['province', 'city', 'district'].indexOf(region.level));
      for (const ancestor of path) expect(within(region.adcode, ancestor)).toBe(true);
      expect(within(region.adcode, CHINA)).toBe(true);
      expect(provinceOf(region.adcode)).toBe(path.at(-1) ?? region.adcode);
    }
  });

  it('never takes a larger region for a part of a smaller one', () => {
    expect(within(340000, 340100)).toBe(false);
    expect(within(340100, 340104)).toBe(false);
    expect(within(CHINA, 340000)).toBe(false);
    // A district that a later edition dropped still lies in its province and city.
    expect([within(340199, 340100), within(340199, 340000), within(340199, 341100)]).toEqual([true, true, false]);
  });

  it('knows the city of a municipality, and names it once', () => {
    expect([cityOf(110000), cityOf(310000), cityOf(500000), cityOf(340000)]).toEqual([110100, 310100, null, null]);
    expect(regionWords(310104)).toBe('上海市 徐汇区');
    expect(namesOf(500230)).toEqual({ province: '重庆市', city: '重庆市', district: '丰都县' });
    expect(namesOf(110000)).toEqual({ province: '北京市', city: '北京市', district: null });
    expect(regionWords(340104)).toBe('安徽省 合肥市 蜀山区');
  });

  it('lets places without a city be their own', () => {
    expect(namesOf(429004)).toEqual({ province: '湖北省', city: '仙桃市', district: null });
    expect(namesOf(469005)).toEqual({ province: '海南省', city: '文昌市', district: null });
    expect(regionWords(null)).toBe('');
    expect(namesOf(993456)).toEqual({ province: null, city: null, district: null });
  });

  it('finds by name, the very name first, and by path', () => {
    expect(searchRegions('合肥')[0]).toMatchObject({ adcode: 340100, name: '合肥市' });
    expect(searchRegions('朝阳区').map((region) => region.name)).toEqual(['朝阳区', '朝阳区']);
    expect(searchRegions('吉林').slice(0, 2)).toMatchObject([{ adcode: 220000 }, { adcode: 220200 }]);
    expect(searchRegions('北京 朝阳').map((region) => region.adcode)).toEqual([110105]);
    expect(searchRegions('鼓楼区', 2)).toHaveLength(2);
    expect(searchRegions('直辖县')).toEqual([]);
    expect(searchRegions('  ')).toEqual([]);
    expect(searchRegions('某'.repeat(100))).toEqual([]);
  });
});

describe('region names', () => {
  it('joins full, short, old and merged names', () => {
    expect(['内蒙古', '北京', '广西壮族自治区', '香港', '安徽省'].map(provinceByNameOf)).toEqual([
      150000, 110000, 450000, 810000, 340000,
    ]);
    expect(provinceByNameOf('加利福尼亚')).toBeNull();
    expect(placeByName(150000, '锡林郭勒')).toBe(152500);
    expect(placeByName(630000, '海南')).toBe(632500);
    expect(placeByName(410000, '济源')).toBe(419001);
    expect(placeByName(370000, '莱芜市')).toBe(370100);
    expect(placeByName(500000, '武隆县')).toBe(500156);
    expect(placeByName(810000, '沙田')).toBe(regionOf(placeByName(810000, '沙田')!)!.adcode);
    expect(placeByName(340000, '南京市')).toBeNull();
  });
});
