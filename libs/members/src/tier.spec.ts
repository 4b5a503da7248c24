import { betterStanding, earnedTier, nextStanding, tierName, TIERS } from './tier';

const thresholds = { gold: 5000, platinum: 20_000 };

it.each([
  [0, 'regular'],
  [4999, 'regular'],
  [5000, 'gold'],
  [19_999, 'gold'],
  [20_000, 'platinum'],
])('%d fen of 消费值 earn %s', (spend, tier) => {
  expect(earnedTier(spend, thresholds)).toBe(tier);
});

it('lets nobody into a tier without a threshold', () => {
  expect(earnedTier(1_000_000, {})).toBe('regular');
  expect(earnedTier(1_000_000, { gold: 5000 })).toBe('gold');
});

it('holds an earned tier twelve months and then gives what is earned', () => {
  const gold = nextStanding({ tier: 'regular', until: null }, 'gold', '2026-11');
  expect(gold).toEqual({ tier: 'gold', until: '2027-11-01' });
  expect(nextStanding(gold, 'regular', '2027-10')).toBe(gold);
  expect(nextStanding(gold, 'regular', '2027-11')).toEqual({ tier: 'regular', until: null });
  expect(nextStanding(gold, 'gold', '2027-03')).toEqual({ tier: 'gold', until: '2028-03-01' });
  expect(nextStanding(gold, 'platinum', '2027-03')).toEqual({ tier: 'platinum', until: '2028-03-01' });
});

it('falls one tier only when the higher one has run out', () => {
  const platinum = { tier: 'platinum', until: '2027-02-01' } as const;
  expect(nextStanding(platinum, 'gold', '2027-01')).toBe(platinum);
  expect(nextStanding(platinum, 'gold', '2027-02')).toEqual({ tier: 'gold', until: '2028-02-01' });
});

it('keeps the better of two standings', () => {
  const gold = { tier: 'gold', until: '2027-02-01' } as const;
  const later = { tier: 'gold', until: '2027-05-01' } as const;
  expect(betterStanding(gold, { tier: 'regular', until: null })).toBe(gold);
  expect(betterStanding(gold, later)).toBe(later);
});

it('names the tiers in Chinese', () => {
  expect(TIERS.map(tierName)).toEqual(['普卡', '金卡', '白金卡']);
});
