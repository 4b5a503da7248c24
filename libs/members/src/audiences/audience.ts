import { compileCondition, validateCondition, type Condition, type Evaluate } from '@app/conditions';
import { Defect, Rejected } from '@app/kernel';
import { MEMBER_FIELDS, type AudienceFacts } from './member-fields';

/** `rule`: whoever fits the condition at the moment of asking. `list`: the members somebody put there. */
export type AudienceKind = 'rule' | 'list';

/** A named group of people (人群). */
export interface Audience {
  readonly id: number;
  readonly name: string;
  readonly kind: AudienceKind;
  /** Null for a list. */
  readonly condition: Condition | null;
  readonly note: string;
  /** Rises with every change of name, note, condition or archiving; a change names the version it was made from. */
  readonly version: number;
  readonly archived: boolean;
  readonly createdBy: number | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** An audience as a scan asks it. Somebody belongs to a rule when the condition is true; unknown is not in it. */
export interface CompiledAudience {
  readonly id: number;
  readonly version: number;
  /** Null for a list: its members stand in a table. */
  readonly matches: Evaluate<AudienceFacts> | null;
}

/** What people write to define an audience. */
export interface AudienceWish {
  readonly name: string;
  readonly note?: string;
  /** An untrusted condition tree over MEMBER_FIELDS; null or left out for a list. */
  readonly condition?: unknown;
}

/** Most audiences that are not archived: each may be asked by every scan. */
export const MAX_AUDIENCES = 1000;
/** Members of a list come in chunks of at most this many. */
export const MAX_LISTED_AT_ONCE = 2000;
/** Most members of one list. */
export const MAX_LISTED = 1_000_000;
const MAX_NAME = 64;
const MAX_NOTE = 255;

/** A checked copy. Throws Rejected 422; for a condition `details` names each faulty leaf by its path. */
export function checkedWish({ name, note = '', condition = null }: AudienceWish): {
  name: string;
  note: string;
  condition: Condition | null;
} {
  const clean = name.normalize('NFC').trim();
  if (clean === '' || [...clean].length > MAX_NAME) {
    throw new Rejected('bad_name', `人群名称须为 1 至 ${MAX_NAME} 个字符`, 422);
  }
  if ([...note].length > MAX_NOTE) throw new Rejected('bad_note', `备注最多 ${MAX_NOTE} 个字符`, 422);
  return { name: clean, note: note.trim(), condition: condition === null ? null : checkedCondition(condition) };
}

/** The condition, admitted. Throws Rejected 422 whose `details` are the problems `{path, code, message}`. */
export function checkedCondition(input: unknown): Condition {
  const checked = validateCondition(input, MEMBER_FIELDS, 'condition');
  if (checked.ok) return checked.condition;
  const [first] = checked.problems;
  const words = first ? `${first.message}（${first.path}）` : '';
  throw new Rejected('bad_condition', `人群条件有误：${words}`, 422, checked.problems);
}

/** Throws Defect for a stored tree that the fields do not admit. */
export function compileAudience({ id, version, tree }: { id: number; version: number; tree: string | null }) {
  const compiled: CompiledAudience = { id, version, matches: tree === null ? null : compileTree(id, tree) };
  return compiled;
}

function compileTree(id: number, tree: string): Evaluate<AudienceFacts> {
  const checked = validateCondition(JSON.parse(tree), MEMBER_FIELDS, 'condition');
  if (!checked.ok) throw new Defect(`audience ${id} holds a condition that the fields do not admit`);
  return compileCondition(checked.condition, MEMBER_FIELDS, 'condition').evaluate;
}
