import { validateCampaign } from '@app/campaigns';
import { shanghaiDay, shanghaiFields } from '@app/kernel';
import { cityOf, provinceOf, regionOfIp } from '@app/regions';
import { groupsOf, openingTimes } from './demo-calendar';
import { demoCampaigns } from './demo-campaign';
import { Crowd } from './demo-crowd';
import { demoPeople } from './demo-people';
import { TOUR_PEOPLE } from './demo-tour';
import { Dice } from './dice';
import { DEALT_PRIZES, DEALT_QUANTITY, dealtCampaign, experimentCampaign } from './special-campaigns';
import { tourCampaign } from './tour-campaign';

const from = new Date('2026-06-10T00:00:00Z');
const to = new Date('2026-11-20T10:30:00Z');

it('the demo campaigns have no findings but what is only told', () => {
  const specials = [experimentCampaign(3, 5), dealtCampaign(4, 6, 7)];
  for (const content of [...demoCampaigns(1, [1, 2, 3]), tourCampaign(2, 4), ...specials]) {
    const { ok, findings } = validateCampaign(content);
    expect(findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
    expect(ok).toBe(true);
  }
});

it('what was laid out is announced to the bottle', () => {
  const { disclosure } = dealtCampaign(4, 6, 7).legal;
  for (const { count } of DEALT_PRIZES) expect(disclosure).toContain(`${count.toLocaleString('en')} 份`);
  expect(disclosure).toContain(`${DEALT_QUANTITY.toLocaleString('en')} 枚码`);
});

it('bottles are opened in order, in the time told, more on evenings, weekends and in summer', () => {
  const times = openingTimes(from, to, 5000, new Dice(1));
  expect(times.length).toBeGreaterThan(4990);
  expect(times.every((time, index) => time >= from && time < to && (index === 0 || time >= times[index - 1]!))).toBe(
    true,
  );
  const share = (test: (fields: ReturnType<typeof shanghaiFields>) => boolean): number =>
    times.filter((time) => test(shanghaiFields(time))).length / times.length;
  expect(share(({ hour }) => hour >= 18)).toBeGreaterThan(0.4);
  expect(share(({ weekday }) => weekday >= 6)).toBeGreaterThan(2 / 7 + 0.05);
  expect(share(({ month }) => month === '2026-07')).toBeGreaterThan(2 * share(({ month }) => month === '2026-10'));
});

it('what is written together is of one day, and of one hour lately', () => {
  const times = openingTimes(from, to, 3000, new Dice(2));
  const groups = groupsOf(times, to);
  expect(groups.flat()).toEqual(times);
  for (const group of groups) expect(new Set(group.map(shanghaiDay)).size).toBe(1);
  const lately = groups.filter((group) => to.getTime() - group[0]!.getTime() < 40 * 3_600_000);
  for (const group of lately) expect(new Set(group.map((time) => shanghaiFields(time).hour)).size).toBe(1);
});

it('people live where the brand is drunk, and a twentieth of them nobody knows where', () => {
  const people = demoPeople(400, new Dice(3));
  expect(people).toHaveLength(400);
  expect(new Set(people.map(({ id }) => id)).size).toBe(400);
  expect(people.filter(({ adcode }) => adcode === null)).toHaveLength(20);
  const anhui = people.filter(({ adcode }) => adcode !== null && provinceOf(adcode) === 340000);
  expect(anhui.length).toBeGreaterThan(100);
});

it('people join all through the story, the thirsty open more, and those of the tour are there from the start', () => {
  const thirst = Array.from({ length: 102 }, (_, index) => (index % 2 === 0 ? 3 : 1));
  const crowd = new Crowd(thirst, 2, new Dice(4));
  const opened = (progress: number): number[] => Array.from({ length: 4000 }, () => crowd.next(progress));
  const [first, last] = [opened(0), opened(1)];
  expect(new Set(first).size).toBe(41);
  expect(new Set(last).size).toBe(102);
  expect(first).toEqual(expect.arrayContaining([100, 101]));
  const thirsty = last.filter((index) => index % 2 === 0).length / last.length;
  expect(thirsty).toBeGreaterThan(0.7);
  expect(thirsty).toBeLessThan(0.8);
});

it('tells the same story twice', () => {
  const story = (): unknown => [demoPeople(50, new Dice(9)), openingTimes(from, to, 100, new Dice(9))];
  expect(story()).toEqual(story());
});

it('the people of the tour are where their phones say', () => {
  for (const { ip, adcode } of TOUR_PEOPLE) expect(cityOf(regionOfIp(ip)!)).toBe(adcode);
});
