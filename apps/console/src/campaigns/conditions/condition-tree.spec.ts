import { copyOf, leafCount, newGroup, newLeaf, pathOfPart, toDocument, toNode, toRoot } from './condition-tree';

const region = { field: 'region', op: 'within', value: [340_100] };
const tier = { field: 'tier', op: 'eq', value: 'gold' };

it('gives back the very tree it was made from', () => {
  for (const tree of [
    { all: [] },
    { all: [region, { any: [tier, { not: region }] }] },
    { not: { any: [tier, region] } },
    { not: { all: [tier, region] } },
    { not: { not: tier } },
    { not: { any: [tier] } },
    { any: [{ all: [] }, tier] },
  ]) {
    expect(toDocument(toNode(tree))).toEqual(tree);
  }
});

it('opens a lone leaf as a group of one, which is the same to every scan', () => {
  expect(toDocument(toRoot(tier))).toEqual({ all: [tier] });
});

it('leaves out groups that say nothing; what is left of nothing is everybody', () => {
  expect(toDocument(newGroup('any'))).toEqual({ all: [] });
  expect(toDocument(newGroup('all', [newGroup('none'), newLeaf('tier', 'eq', 'gold')]))).toEqual({ all: [tier] });
});

it('knows where each row stands in the document, so that what the server says of it can stand beside it', () => {
  const [a, b, empty] = [newLeaf('tier', 'eq', 'gold'), newLeaf('tier', 'eq', 'x'), newGroup('any')];
  const all = newGroup('all', [empty, a, b]);
  expect([pathOfPart(all, 'rules[2].when', a), pathOfPart(all, 'rules[2].when', b)]).toEqual([
    ...['rules[2].when.all[0]', 'rules[2].when.all[1]'],
  ]);
  expect(pathOfPart(newGroup('none', [a]), 'when', a)).toBe('when.not');
  expect(pathOfPart(newGroup('none', [a, b]), 'when', b)).toBe('when.not.any[1]');
});

it('copies with rows of their own', () => {
  const tree = newGroup('all', [newLeaf('region', 'within', [1])]);
  const copy = copyOf(tree);
  expect(toDocument(copy)).toEqual(toDocument(tree));
  expect(copy.id).not.toBe(tree.id);
  expect(leafCount(copy)).toBe(1);
});
