import { evaluateFor, memberRowOf } from './audience-samples.contract';
import { checkedCondition } from './audience';
import { audienceFacts, MEMBER_FIELDS } from './member-fields';

const at = new Date('2026-11-21T16:30:00Z');

it('counts Shanghai days: half past midnight there is another day than half past four', () => {
  const facts = audienceFacts(
    memberRowOf({ createdAt: new Date('2026-11-20T16:30:00Z'), lastScanAt: new Date('2026-11-21T15:59:00Z') }),
    [],
    at,
  );
  expect(facts).toMatchObject({ daysSinceJoined: 1, daysSinceLastScan: 1 });
  const sameDay = memberRowOf({ lastScanAt: new Date('2026-11-21T16:00:00Z') });
  expect(audienceFacts(sameDay, [], at).daysSinceLastScan).toBe(0);
  const ahead = memberRowOf({ lastScanAt: new Date('2026-11-25T00:00:00Z') });
  expect(audienceFacts(ahead, [], at).daysSinceLastScan).toBe(0);
});

it('somebody who never scanned has no days since, so neither a leaf nor its opposite is true', () => {
  const facts = audienceFacts(memberRowOf({ lastScanAt: null }), [], at);
  const sleeping = { field: 'daysSinceLastScan', op: 'gte', value: 30 };
  expect(evaluateFor(sleeping, facts)).toBe('unknown');
  expect(evaluateFor({ not: sleeping }, facts)).toBe('unknown');
  expect(evaluateFor({ field: 'follows', op: 'eq', value: false }, facts)).toBe('unknown');
});

it.each<[object, 'true' | 'false']>([
  [{ field: 'tier', op: 'in', value: ['gold', 'platinum'] }, 'true'],
  [{ field: 'tags', op: 'hasAny', value: ['团购', '老板'] }, 'true'],
  [{ field: 'tags', op: 'hasNone', value: ['团购'] }, 'false'],
  [{ field: 'spendFen', op: 'gte', value: 60_000 }, 'true'],
  [{ field: 'codes', op: 'everyNth', value: 3 }, 'true'],
  [{ field: 'wins', op: 'lt', value: 2 }, 'false'],
  [{ field: 'lastPlace', op: 'within', value: [340000] }, 'true'],
  [{ field: 'lastPlace', op: 'within', value: 440000 }, 'false'],
  [{ field: 'phoneBound', op: 'eq', value: true }, 'true'],
  [{ all: [] }, 'true'],
])('%j', (condition, expected) => {
  const row = memberRowOf({ tier: 'gold', spendFen: 60_000, codes: 9, wins: 2, lastAdcode: 340104, phoneBound: true });
  expect(evaluateFor(condition, audienceFacts(row, ['团购'], at))).toBe(expected);
});

it.each<[unknown, string]>([
  [{ field: 'openid', op: 'eq', value: 'x' }, 'condition.field'],
  [{ all: [{ field: 'tier', op: 'eq', value: 'diamond' }] }, 'condition.all[0].value'],
  [{ any: [{ all: [] }, { field: 'spendFen', op: 'gte', value: '100' }] }, 'condition.any[1].value'],
  [{ not: { field: 'spendFen', op: 'gte', value: 0.5 } }, 'condition.not.value'],
  [{ field: 'tags', op: 'eq', value: '团购' }, 'condition.op'],
  [{ field: 'daysSinceJoined', op: 'gte', value: NaN }, 'condition.value'],
  [JSON.parse('{"all":[],"__proto__":{"x":1}}'), 'condition'],
  ['tier = gold', 'condition'],
])('refuses %j and names the place', (condition, path) => {
  try {
    checkedCondition(condition);
  } catch (error) {
    expect(error).toMatchObject({ code: 'bad_condition', status: 422 });
    expect((error as { details: { path: string }[] }).details.map((problem) => problem.path)).toContain(path);
    expect((error as Error).message).toMatch(/[\u4e00-\u9fff]/);
    return;
  }
  throw new Error('was admitted');
});

it('a builder learns label, operators and source of every field', () => {
  for (const field of MEMBER_FIELDS.describe()) {
    expect(field.label).toMatch(/[\u4e00-\u9fff]/);
    expect(field.ops.length).toBeGreaterThan(0);
  }
  expect(MEMBER_FIELDS.describe().find(({ key }) => key === 'tags')).toMatchObject({ optionsFrom: 'tags' });
});
