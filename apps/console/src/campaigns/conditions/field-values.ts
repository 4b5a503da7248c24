import type { Schemas } from '../../api';

export type Field = Schemas['FieldDto'];
export type FieldOperator = Schemas['FieldOperatorDto'];
export type Shape = FieldOperator['value'];

/** People write yuan where the registry counts fen. */
export const FEN = '分';

/** What one value of a field is written with. Nothing about particular fields is known here: the registry says it all. */
export type Control = 'options' | 'regions' | 'money' | 'number' | 'text' | 'yes-no' | 'weekday' | 'time' | 'instant';

export function controlOf({ type, options, optionsFrom, items, unit }: Field): Control {
  if (type === 'adcode') return 'regions';
  if (type === 'boolean') return 'yes-no';
  if (type === 'weekday') return 'weekday';
  if (type === 'time-of-day') return 'time';
  if (type === 'instant') return 'instant';
  if (options?.length || optionsFrom) return 'options';
  if (type === 'number' && unit === FEN) return 'money';
  return type === 'number' || items === 'number' ? 'number' : 'text';
}

export function shapeOf(field: Field, op: string): Shape {
  return field.operators.find((one) => one.op === op)?.value ?? 'one';
}

/** Are several values of this field told apart by number? Then what is picked or typed becomes one. */
export function isNumeric({ type, items }: Field): boolean {
  return type === 'number' || type === 'adcode' || type === 'weekday' || items === 'number';
}

/** What a new leaf begins with: something that can be seen and changed, never an empty box that means something. */
export function firstValue(field: Field, op: string): unknown {
  const shape = shapeOf(field, op);
  if (shape === 'list') return [];
  if (shape === 'span') return { from: firstOne(field), to: firstOne(field, true) };
  if (op === 'everyNth') return 3;
  return firstOne(field);
}

function firstOne(field: Field, end = false): unknown {
  const control = controlOf(field);
  if (control === 'yes-no') return true;
  if (control === 'weekday') return 6;
  if (control === 'time') return end ? '22:00' : '18:00';
  if (control === 'money') return end ? 20_000 : 10_000;
  if (control === 'number') return (field.min ?? 0) + (end ? 1 : 0);
  // Chosen by the author: until then nothing, and the check says that something is missing.
  return null;
}

/** A value that fits the operator, made from the one that was there as far as it goes. */
export function fittedValue(field: Field, before: string, op: string, value: unknown): unknown {
  const [from, to] = [shapeOf(field, before), shapeOf(field, op)];
  if (from === to) return value;
  const first: unknown = Array.isArray(value) ? value[0] : isSpan(value) ? value.from : value;
  if (first === undefined || first === null) return firstValue(field, op);
  if (to === 'list') return [first];
  if (to === 'span') return { from: first, to: isSpan(value) ? value.to : firstOne(field, true) };
  return first;
}

export interface Span {
  from: unknown;
  to: unknown;
}

export function isSpan(value: unknown): value is Span {
  return typeof value === 'object' && value !== null && 'from' in value && 'to' in value;
}

export const WEEKDAYS = ['周一', '周二', '周三', '周四', '周五', '周六', '周日'].map((label, at) => ({
  label,
  value: at + 1,
}));

/** `2026-06-01 08:00` of a picker in Beijing time ⇄ ISO 8601 with its offset, as conditions are written. */
export const toInstant = (wall: string): string => `${wall.replace(' ', 'T')}:00+08:00`;
export function fromInstant(iso: unknown): string | null {
  if (typeof iso !== 'string') return null;
  const at = Date.parse(iso);
  if (Number.isNaN(at)) return null;
  return new Date(at + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
}
