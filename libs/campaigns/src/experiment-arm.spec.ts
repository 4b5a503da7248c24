import { published, rule, scan, world, luck, prizes } from './fixtures/scans';
import { armOf, decide, type Experiment } from './index';

const experiment: Experiment = {
  key: 'amount',
  name: '金额实验',
  arms: [
    { key: 'control', name: '照旧', weight: 500_000 },
    { key: 'more', name: '多一点', weight: 300_000 },
    { key: 'less', name: '少一点', weight: 200_000 },
  ],
  returnDays: 7,
};

it('puts a member into one arm for good, and members into arms by weight', () => {
  const counts: Record<string, number> = {};
  for (let member = 1; member <= 20_000; member++) {
    const arm = armOf(5, experiment, member);
    expect(armOf(5, experiment, member)).toBe(arm);
    counts[arm] = (counts[arm] ?? 0) + 1;
  }
  // Fixed members, so fixed counts; five sigma of the binomial is about 350.
  expect(Math.abs(counts['control']! - 10_000)).toBeLessThan(350);
  expect(Math.abs(counts['more']! - 6000)).toBeLessThan(350);
  expect(Math.abs(counts['less']! - 4000)).toBeLessThan(350);
});

it('deals anew for another experiment or campaign', () => {
  const members = Array.from({ length: 1000 }, (_, index) => index + 1);
  const moved = (other: (member: number) => string) =>
    members.filter((member) => other(member) !== armOf(5, experiment, member)).length;
  expect(moved((member) => armOf(6, experiment, member))).toBeGreaterThan(400);
  expect(moved((member) => armOf(5, { ...experiment, key: 'again' }, member))).toBeGreaterThan(400);
});

it('decides rules, and is unknown without a member', () => {
  const version = published({
    experiment,
    prizes,
    rules: [
      rule('more', { field: 'experimentArm', op: 'eq', value: 'more' }, 'big'),
      rule('all', { all: [] }, 'small'),
    ],
  });
  const ruleFor = (id: number | null) => {
    const decision = decide([version], scan({ member: { id } }), world(), luck(0));
    return decision.kind === 'award' ? decision.ruleKey : decision.kind;
  };
  for (let member = 1; member <= 50; member++) {
    expect(ruleFor(member)).toBe(armOf(version.campaignId, experiment, member) === 'more' ? 'more' : 'all');
  }
  expect(ruleFor(null)).toBe('all');
});
