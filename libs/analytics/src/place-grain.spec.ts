import { cityGrain, provinceGrain } from './place-grain';

it.each([
  [null, 0],
  [340104, 340100],
  [340100, 340100],
  [340000, 340000],
  [110101, 110100],
  [110000, 110100],
  [310000, 310100],
  [500000, 500000],
  [429004, 429004],
  [659001, 659001],
])('%s is counted at %d', (adcode, city) => {
  expect(cityGrain(adcode)).toBe(city);
});

it('every city lies in the province of its scan', () => {
  for (const adcode of [340104, 429004, 110101, 310000, 500112]) {
    expect(provinceGrain(cityGrain(adcode))).toBe(Math.floor(adcode / 10000) * 10000);
  }
  expect(provinceGrain(0)).toBe(0);
});
