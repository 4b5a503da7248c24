import fc from 'fast-check';
import type { CampaignContent } from './campaign-content';
import { campaignTemplate } from './campaign-template';
import { hashCampaign, validateCampaign } from './validate-campaign';

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

const dealt = (segment: Loose, counts: [string, unknown][]) =>
  document((content) => {
    content.prizes = [cash('a', fixed(88)), { kind: 'nothing', key: 'thanks', name: '谢谢参与' }];
    part(content, 'rules', 0).then = {
      mode: 'dealt',
      segment: { batch: 7, layer: 1, ...segment },
      prizes: counts.map(([key, count]) => ({ key, count })),
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
    ['an unknown gate', document((c) => (c.gates = [{ kind: 'dance' }])), ['error gates[0].kind bad_option']],
    [
      'half a cap',
      document((c) => (c.caps = [{ per: 'member' }])),
      ['window', 'count', 'fen'].map((key) =>
        key === 'window' ? 'error caps[0].window bad_option' : `error caps[0].${key} missing`,
      ),
    ],
    [
      'too many steps',
      withPrizes([cash('a', { type: 'ladder', steps: Array(51).fill({ fromNth: 1, fen: 88 }) })], [['a', 1e6]]),
      ['error prizes[0].amount.steps out_of_range'],
    ],
    [
      'a serial beyond the format',
      dealt({ from: 0, to: 2 ** 30 + 1 }, [['a', 1]]),
      ['error rules[0].then.segment.to out_of_range'],
    ],
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
      ['warning prizes[0].amount.fen cash_above_channel', 'error prizes[0].amount.fen amount_over_law'],
    ],
    [
      'a reversed range',
      withPrizes([cash('a', { type: 'uniform', minFen: 90, maxFen: 80 })], [['a', 1e6]]),
      ['error prizes[0].amount bad_span'],
    ],
    [
      'an empty stock',
      withPrizes([cash('a', fixed(88), 0), cash('b', fixed(60))], [['a', 1e6]], 'b'),
      ['error prizes[0].stock empty_stock'],
    ],
    [
      'a negative stock',
      withPrizes([cash('a', fixed(88), -5), cash('b', fixed(60))], [['a', 1e6]], 'b'),
      ['error prizes[0].stock empty_stock'],
    ],
    [
      'no fallback',
      withPrizes([cash('a', fixed(88), 5)], [['a', 1e6]]),
      ['error rules[0].then.fallbackPrizeKey fallback_missing'],
    ],
    [
      'a fallback that runs out',
      withPrizes([cash('a', fixed(88), 5), cash('b', fixed(60), 5)], [['a', 1e6]], 'b'),
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

  it('names the place of prototype keys and of what is no plain data, however deep', () => {
    const prizes: unknown = JSON.parse('[{"kind":"cash","amount":{"type":"fixed","constructor":1}}]');
    expect(findingsOf(document((content) => (content.prizes = prizes)))).toEqual([
      'error prizes[0].amount forbidden_key',
    ]);
    const date = document((content) => (part(content, 'period').from = new Date()));
    expect(findingsOf(date)).toEqual(['error period.from not_plain']);
    const infinite = document((content) => (part(content, 'caps', 0).count = Infinity));
    expect(findingsOf(infinite)).toEqual(['error caps[0].count not_finite']);
  });

  it('refuses a million nodes before it looks at any of them', () => {
    const leaf = { field: 'tier', op: 'eq', value: 'gold' };
    const wide = document((content) => (part(content, 'rules', 0).when = { all: Array(1_000_000).fill(leaf) }));
    expect(findingsOf(wide)).toEqual(['error rules[0].when.all too_large']);
    const bushy = document((content) => (part(content, 'rules', 0).when = { any: Array(1_001).fill(leaf) }));
    expect(findingsOf(bushy)).toEqual(['error rules[0].when.any too_many_nodes']);
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

it('never throws, whatever JSON it is given, and refuses what is no campaign', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (json) => {
      const check = validateCampaign(json);
      expect(check.ok).toBe(false);
      expect(check.findings.length).toBeGreaterThan(0);
    }),
  );
});

it('never throws on a campaign with one part replaced by anything', () => {
  const paths = Object.keys(document());
  fc.assert(
    fc.property(fc.constantFrom(...paths), fc.jsonValue(), (key, json) => {
      const { findings } = validateCampaign({ ...document(), [key]: json });
      expect(findings.every(({ source, message }) => source !== '' && message !== '')).toBe(true);
    }),
    { numRuns: 500 },
  );
});

it('hashes what a campaign says, not the order of its keys', () => {
  const content = campaignTemplate('夏日', 9);
  const reversed = Object.fromEntries(Object.entries(content).reverse()) as unknown as CampaignContent;
  expect(hashCampaign(reversed)).toBe(hashCampaign(content));
  expect(hashCampaign(content)).toMatch(/^[0-9a-f]{64}$/);
  expect(hashCampaign({ ...content, priority: 101 })).not.toBe(hashCampaign(content));
});
