import { campaignTemplate, hashCampaign, validateCampaign, type CampaignContent } from '../index';

type Loose = Record<string, unknown>;
/** The template with something changed, as an untrusted document. */
const document = (change: (content: Loose) => void = () => undefined): Loose => {
  const content = structuredClone(campaignTemplate('夏日', 9)) as unknown as Loose;
  change(content);
  return content;
};
const findingsOf = (input: unknown): string[] =>
  validateCampaign(input).findings.map(({ severity, path, code }) => `${severity} ${path} ${code}`);
const part = (content: Loose, key: string, index?: number): Loose => {
  const value = content[key] as Loose | Loose[];
  return (index === undefined ? value : (value as Loose[])[index]) as Loose;
};
const cash = (key: string, amount: unknown, stock: unknown = null) => ({ kind: 'cash', key, name: key, amount, stock });
const fixed = (fen: unknown) => ({ type: 'fixed', fen });
const withPrizes = (prizes: unknown[], odds: [string, unknown][], fallbackPrizeKey: string | null = null) =>
  document((content) => {
    content.prizes = prizes;
    part(content, 'rules', 0).then = {
      mode: 'drawn',
      prizes: odds.map(([key, share]) => ({ key, odds: share })),
      fallbackPrizeKey,
    };
  });

it('admits the template without a remark, as an equal copy', () => {
  const input = document();
  expect(validateCampaign(input)).toEqual({ ok: true, content: input, findings: [] });
});

describe('refused documents', () => {
  it.each<[string, unknown, string[]]>([
    ['nothing', null, ['error  wrong_type']],
    ['an unknown part', document((c) => (c.bonus = 1)), ['error  unknown_key']],
    ['an unknown lane', document((c) => (c.lane = 'vip')), ['error lane bad_option']],
    ['text for a number', document((c) => (c.priority = '5')), ['error priority wrong_type']],
    ['a missing part', document((c) => delete c.caps), ['error caps missing']],
    ['another zone', document((c) => (part(c, 'period').zone = 'UTC')), ['error period.zone bad_option']],
    ['a date without time', document((c) => (part(c, 'period').from = '2026-01-01')), ['error period.from bad_format']],
    ['31 February', document((c) => (part(c, 'period').from = '2026-02-31T00:00')), ['error period.from bad_format']],
    ['an empty period', document((c) => (part(c, 'period').to = '2026-01-01T00:00')), ['error period.to period_empty']],
    ['no organiser', document((c) => (part(c, 'legal').organiser = ' ')), ['error legal.organiser out_of_range']],
    ['no budget', document((c) => (c.budgetId = null)), ['error budgetId budget_missing']],
    ['a share gate', document((c) => (c.gates = [{ kind: 'share' }])), ['error gates[0].kind bad_option']],
    ['any gate, for now', document((c) => (c.gates = [{ kind: 'phone' }])), ['error gates[0] gate_unavailable']],
    ['no rules', document((c) => (c.rules = [])), ['error rules out_of_range']],
    ['odds below', withPrizes([cash('a', fixed(88))], [['a', 999_999]]), ['error rules[0].then.prizes odds_sum']],
    [
      'odds above',
      withPrizes(
        [cash('a', fixed(88)), cash('b', fixed(1e4))],
        [
          ['a', 600_000],
          ['b', 400_001],
        ],
      ),
      ['error rules[0].then.prizes odds_sum'],
    ],
    ['zero odds', withPrizes([cash('a', fixed(88))], [['a', 0]]), ['error rules[0].then.prizes[0].odds out_of_range']],
    [
      'half a part',
      withPrizes([cash('a', fixed(88))], [['a', 0.5]]),
      ['error rules[0].then.prizes[0].odds wrong_type'],
    ],
    [
      'a negative amount',
      withPrizes([cash('a', fixed(-1))], [['a', 1e6]]),
      ['error prizes[0].amount.fen negative_amount'],
    ],
    ['a zero amount', withPrizes([cash('a', fixed(0))], [['a', 1e6]]), ['error prizes[0].amount.fen zero_amount']],
    ['half a fen', withPrizes([cash('a', fixed(1.5))], [['a', 1e6]]), ['error prizes[0].amount.fen wrong_type']],
    [
      'more than the law allows',
      withPrizes([cash('a', fixed(5_000_001))], [['a', 1e6]]),
      ['error prizes[0].amount.fen amount_over_law'],
    ],
    [
      'a reversed range',
      withPrizes([cash('a', { type: 'uniform', minFen: 90, maxFen: 80 })], [['a', 1e6]]),
      ['error prizes[0].amount bad_span'],
    ],
    [
      'an empty stock',
      withPrizes([cash('a', fixed(88), 0), cash('b', fixed(10))], [['a', 1e6]], 'b'),
      ['error prizes[0].stock empty_stock'],
    ],
    [
      'a negative stock',
      withPrizes([cash('a', fixed(88), -5), cash('b', fixed(10))], [['a', 1e6]], 'b'),
      ['error prizes[0].stock empty_stock'],
    ],
    [
      'no fallback',
      withPrizes([cash('a', fixed(88), 5)], [['a', 1e6]]),
      ['error rules[0].then.fallbackPrizeKey fallback_missing'],
    ],
    [
      'a fallback that runs out',
      withPrizes([cash('a', fixed(88), 5), cash('b', fixed(10), 5)], [['a', 1e6]], 'b'),
      ['error rules[0].then.fallbackPrizeKey fallback_limited'],
    ],
    [
      'an unknown prize',
      withPrizes([cash('a', fixed(88))], [['x', 1e6]], 'y'),
      [
        'error rules[0].then.prizes[0].key unknown_prize',
        'error rules[0].then.fallbackPrizeKey unknown_prize',
        'warning prizes[0] prize_unused',
      ],
    ],
    [
      'one prize twice',
      withPrizes(
        [cash('a', fixed(88)), cash('a', fixed(99))],
        [
          ['a', 5e5],
          ['a', 5e5],
        ],
      ),
      ['error prizes[1].key duplicate_key', 'error rules[0].then.prizes[1].key duplicate_key'],
    ],
    [
      'a prize of no kind',
      withPrizes([{ ...cash('a', fixed(1)), kind: 'car' }], [['a', 1e6]]),
      ['error prizes[0].kind bad_option'],
    ],
    ['an own __proto__', JSON.parse('{"schema":1,"__proto__":{}}'), ['error  forbidden_key']],
    ['NaN', document((c) => (c.priority = Number.NaN)), ['error priority not_finite']],
    ['too much', document((c) => (c.rules = Array(30_000).fill(0))), ['error rules too_large']],
  ])('%s', (_, input, expected) => {
    const check = validateCampaign(input);
    expect(findingsOf(input)).toEqual(expected);
    expect(check.ok).toBe(false);
    expect(check.findings.every(({ message }) => /[一-龥]/.test(message))).toBe(true);
  });

  it('names the faulty leaf of a condition, also when the rest has faults', () => {
    const when = {
      all: [
        { field: 'region', op: 'within', value: 340000 },
        { field: 'tier', op: 'is', value: 'gold' },
      ],
    };
    const faulty = document((content) => (part(content, 'rules', 0).when = when));
    expect(findingsOf(faulty)).toEqual(['error rules[0].when.all[1].op unknown_operator']);
    faulty.lane = 'vip';
    expect(findingsOf(faulty)).toEqual(['error lane bad_option', 'error rules[0].when.all[1].op unknown_operator']);
    const nothing = document((content) => delete part(content, 'rules', 0).when);
    expect(findingsOf(nothing)).toEqual(['error rules[0].when missing']);
  });

  it('survives a condition a hundred thousand deep and a document that contains itself', () => {
    let deep: unknown = {};
    for (let index = 0; index < 100_000; index++) deep = { not: deep };
    expect(findingsOf(document((content) => (part(content, 'rules', 0).when = deep)))[0]).toMatch(/too_deep$/);
    const loop = document();
    loop.copy = loop;
    expect(findingsOf(loop)[0]).toMatch(/too_(deep|large)$/);
  });
});

describe('warnings do not forbid', () => {
  const warned = (change: (content: Loose) => void): string[] => {
    const input = document(change);
    expect(validateCampaign(input).ok).toBe(true);
    return findingsOf(input);
  };

  it('amounts that a transfer does not carry by default', () => {
    const amount = { type: 'uniform', minFen: 9, maxFen: 20_001 };
    expect(warned((content) => (content.prizes = [cash('small', amount)]))).toEqual([
      'warning prizes[0].amount.minFen amount_outside_transfer',
      'warning prizes[0].amount.maxFen amount_outside_transfer',
    ]);
  });

  it('place trust lowered below the default, and only then', () => {
    const lowered = (value: number, minTrust: string): string[] =>
      warned((content) => {
        Object.assign(part(content, 'rules', 0), { minTrust, when: { field: 'region', op: 'within', value } });
      });
    expect(lowered(340100, 'ip')).toEqual(['warning rules[0].minTrust trust_lowered']);
    expect(lowered(340000, 'claimed')).toEqual(['warning rules[0].minTrust trust_lowered']);
    expect(lowered(340000, 'ip')).toEqual([]);
    expect(lowered(340100, 'agreed')).toEqual([]);
  });

  it('no cap, and a rule that is never reached', () => {
    expect(warned((content) => (part(content, 'caps').memberPerDay = null))).toEqual([
      'warning caps.memberPerDay cap_missing',
    ]);
    expect(
      warned((content) => {
        const [rule] = content.rules as Loose[];
        content.rules = [rule, { ...rule, key: 'second' }];
      }),
    ).toEqual(['warning rules[1] rule_unreachable']);
  });
});

it('hashes what a campaign says, not the order of its keys', () => {
  const content = campaignTemplate('夏日', 9);
  const reversed = Object.fromEntries(Object.entries(content).reverse()) as unknown as CampaignContent;
  expect(hashCampaign(reversed)).toBe(hashCampaign(content));
  expect(hashCampaign(content)).toMatch(/^[0-9a-f]{64}$/);
  expect(hashCampaign({ ...content, priority: 101 })).not.toBe(hashCampaign(content));
});
