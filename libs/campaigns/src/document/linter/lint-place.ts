import { leavesOf } from '@app/conditions';
import { regionOf } from '@app/regions';
import type { CampaignContent, Rule } from '../campaign-content';
import { contains, implies, placesOf, type Places } from '../condition-shape';
import { error, warning, type Finding } from '../finding';
import { expectedWorth } from '../prize-worth';
import { HOUSE, LAW } from '../sources';

/** Places that exist, trust in them, and that nobody gains by hiding where they are. */
export function lintPlace(content: CampaignContent): Finding[] {
  return [
    ...unknownRegions(content),
    ...content.rules.flatMap((rule, index) => lintTrust(rule, `rules[${index}]`)),
    ...outsideArea(content),
    ...paysForLess(content),
  ];
}

function unknownRegions({ rules, legal, burst, caps }: CampaignContent): Finding[] {
  const named = [
    ...rules.flatMap(({ when }, index) =>
      leavesOf(when, `rules[${index}].when`).flatMap(({ leaf, path }) =>
        leaf.field === 'region'
          ? [leaf.value].flat().map((code) => ({ code: Number(code), path: `${path}.value` }))
          : [],
      ),
    ),
    ...legal.announcedArea.map((code, index) => ({ code, path: `legal.announcedArea[${index}]` })),
    ...(burst?.fence ?? []).map((code, index) => ({ code, path: `burst.fence[${index}]` })),
    ...caps.flatMap(({ adcode }, index) =>
      adcode === undefined ? [] : [{ code: adcode, path: `caps[${index}].adcode` }],
    ),
  ];
  return named
    .filter(({ code }) => regionOf(code) === null)
    .map(({ code, path }) => error(path, 'unknown_region', `没有行政区划代码 ${code}`, HOUSE.place));
}

/** Province needs `ip` and anything finer `agreed`; whoever asks for less should know it. */
function lintTrust(rule: Rule, path: string): Finding[] {
  if (rule.minTrust === undefined || rule.minTrust === 'agreed') return [];
  const places = leavesOf(rule.when).filter(({ leaf }) => leaf.field === 'region');
  const fine = places.some(({ leaf }) => [leaf.value].flat().some((code) => Number(code) % 10_000 !== 0));
  const lowered = places.length > 0 && (rule.minTrust === 'claimed' || fine);
  if (!lowered) return [];
  return [warning(`${path}.minTrust`, 'trust_lowered', '放宽了对所在地的要求，可能有人用假定位领奖', HOUSE.place)];
}

function outsideArea({ rules, legal }: CampaignContent): Finding[] {
  if (legal.announcedArea.length === 0) return [];
  return rules.flatMap(({ when, name }, index) => {
    const outside = placesOf(when).regions.filter(
      (region) => !legal.announcedArea.some((area) => contains(area, region) || contains(region, area)),
    );
    if (outside.length === 0) return [];
    const message = `规则「${name}」的地区不在公示的活动范围里`;
    return [warning(`rules[${index}].when`, 'place_outside_area', message, LAW.disclosure)];
  });
}

const REGION_ONLY: ReadonlySet<string> = new Set(['region', 'placeTrust']);

/**
 * A member who refuses to share a location is passed over by rules that need one. When a later rule, which asks for no place or believes
 * a worse one, pays more to the same people, hiding pays.
 */
function paysForLess(content: CampaignContent): Finding[] {
  const { rules } = content;
  return rules.flatMap((later, index) => {
    const robbed = rules
      .slice(0, index)
      .find(
        (earlier) =>
          knowledge(earlier) > knowledge(later) &&
          meet(placesOf(earlier.when), placesOf(later.when)) &&
          implies(earlier.when, later.when, REGION_ONLY) &&
          expectedWorth(content, later) > expectedWorth(content, earlier),
      );
    if (!robbed) return [];
    const message = `不说在哪里的人会得到「${later.name}」，比说了的人得到的「${robbed.name}」还多；请让地区规则的奖不低于它`;
    return [error(`rules[${index}]`, 'pays_for_less', message, HOUSE.place)];
  });
}

/** How sure of the place a rule has to be: 0 not at all … 3 location and IP agree. */
function knowledge({ when, minTrust }: Rule): number {
  const { everywhere, regions } = placesOf(when);
  if (everywhere) return 0;
  const usual = regions.every((region) => region % 10_000 === 0) ? 'ip' : 'agreed';
  return { claimed: 1, ip: 2, agreed: 3 }[minTrust ?? usual];
}

function meet(a: Places, b: Places): boolean {
  if (a.everywhere || b.everywhere) return true;
  return a.regions.some((one) => b.regions.some((other) => contains(one, other) || contains(other, one)));
}
