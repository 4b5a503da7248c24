import { SCAN_FIELDS, trustedPlace, type RuleTrust, type Trust } from './index';

const place = (trust: Trust, minTrust?: RuleTrust, accuracyM: number | null = 50): number | null =>
  trustedPlace({ adcode: 340104, trust, accuracyM }, minTrust);

it('believes a province from ip on, a district only when agreed and accurate', () => {
  expect(place('agreed')).toBe(340104);
  expect(place('agreed', undefined, 1000)).toBe(340104);
  expect(place('agreed', undefined, 1001)).toBe(340100);
  expect(place('agreed', undefined, null)).toBe(340100);
  expect(place('ip')).toBe(340000);
  expect(place('claimed')).toBe(null);
});

it('follows a threshold that the author lowered or raised', () => {
  expect(place('ip', 'ip')).toBe(340104);
  expect(place('ip', 'claimed')).toBe(340104);
  expect(place('claimed', 'claimed')).toBe(340104);
  expect(place('claimed', 'ip')).toBe(null);
  expect(place('ip', 'agreed')).toBe(null);
});

it('never believes a disputed or unknown place', () => {
  for (const minTrust of [undefined, 'agreed', 'ip', 'claimed'] as const) {
    expect([place('disputed', minTrust), place('unknown', minTrust)]).toEqual([null, null]);
  }
  expect(trustedPlace({ adcode: null, trust: 'agreed' })).toBe(null);
});

it('describes every field for a rule builder', () => {
  const fields = SCAN_FIELDS.describe();
  expect(fields.map(({ key }) => key).sort()).toEqual([
    'at',
    'audience',
    'batch',
    'daysSinceLastScan',
    'experimentArm',
    'firstScanOfCode',
    'follows',
    'layer',
    'lot',
    'memberIsNew',
    'nthScan',
    'nthScanInCampaign',
    'nthScanToday',
    'phoneBound',
    'placeTrust',
    'product',
    'productLine',
    'region',
    'risk',
    'serial',
    'shippedToDistributor',
    'shippedToStore',
    'tags',
    'tier',
    'timeOfDay',
    'weekday',
  ]);
  expect(fields.every(({ label, ops }) => /[一-龥]/.test(label) && ops.length > 0)).toBe(true);
});
