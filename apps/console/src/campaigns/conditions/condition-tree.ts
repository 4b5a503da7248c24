/** The condition tree as the server keeps it; see docs/campaigns.md. */
export type ConditionDocument =
  | { all: ConditionDocument[] }
  | { any: ConditionDocument[] }
  | { not: ConditionDocument }
  | { field: string; op: string; value: unknown };

/** 全部满足, 任一满足, 都不满足. */
export type GroupMode = 'all' | 'any' | 'none';

/** The tree as it is edited. Ids only tell rows apart on the screen. */
export interface GroupNode {
  readonly id: number;
  readonly kind: 'group';
  mode: GroupMode;
  parts: ConditionNode[];
}
export interface LeafNode {
  readonly id: number;
  readonly kind: 'leaf';
  field: string;
  op: string;
  value: unknown;
}
export type ConditionNode = GroupNode | LeafNode;

let lastId = 0;

export function newGroup(mode: GroupMode, parts: ConditionNode[] = []): GroupNode {
  return { id: ++lastId, kind: 'group', mode, parts };
}

export function newLeaf(field: string, op: string, value: unknown): LeafNode {
  return { id: ++lastId, kind: 'leaf', field, op, value };
}

/** The root is always a group, so that something can be added to it: a lone leaf is a group of one. */
export function toRoot(document: ConditionDocument): GroupNode {
  const node = toNode(document);
  return node.kind === 'group' ? node : { ...newGroup('all', [node]) };
}

export function toNode(document: ConditionDocument): ConditionNode {
  if ('all' in document) return newGroup('all', document.all.map(toNode));
  if ('any' in document) return newGroup('any', document.any.map(toNode));
  if ('not' in document) {
    const inner = document.not;
    // 「都不满足」 is 「不是任一满足」: what was written so is shown so.
    if ('any' in inner && inner.any.length > 1) return newGroup('none', inner.any.map(toNode));
    return newGroup('none', [toNode(inner)]);
  }
  return newLeaf(document.field, document.op, structuredCloneOf(document.value));
}

/** Back to the document. Empty groups other than 「全部满足」 say nothing and are left out; an empty root is everybody. */
export function toDocument(root: ConditionNode): ConditionDocument {
  return documentOf(root) ?? { all: [] };
}

function documentOf(node: ConditionNode): ConditionDocument | null {
  if (node.kind === 'leaf') return { field: node.field, op: node.op, value: node.value };
  const parts = node.parts.map(documentOf).filter((part) => part !== null);
  if (node.mode === 'all') return { all: parts };
  if (parts.length === 0) return null;
  if (node.mode === 'any') return { any: parts };
  return { not: parts.length === 1 ? parts[0]! : { any: parts } };
}

/** Where the n-th part of a group stands in the document, below the group's own path. Counts as `toDocument` leaves out. */
export function pathOfPart(group: GroupNode, path: string, part: ConditionNode): string {
  const kept = group.parts.filter((one) => documentOf(one) !== null);
  const at = kept.indexOf(part);
  if (group.mode !== 'none') return `${path}.${group.mode}[${at}]`;
  return kept.length === 1 ? `${path}.not` : `${path}.not.any[${at}]`;
}

/** How many leaves a tree has. */
export function leafCount(node: ConditionNode): number {
  return node.kind === 'leaf' ? 1 : node.parts.reduce((sum, part) => sum + leafCount(part), 0);
}

/** A copy with rows of its own. */
export function copyOf<T extends ConditionNode>(node: T): T {
  if (node.kind === 'leaf') return newLeaf(node.field, node.op, structuredCloneOf(node.value)) as T;
  return newGroup(node.mode, node.parts.map(copyOf)) as T;
}

/** A value is a scalar, a list or a span; also of what Vue watches. */
function structuredCloneOf(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}
