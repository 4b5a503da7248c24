import type { LeafValue, Operator, Scalar, Span } from './condition';
import type { FieldDefinition } from './field-registry';

/** Longest list in `in`, `notIn`, `within`, `hasAny` and `hasNone`. */
export const MAX_LIST = 500;
const MAX_TEXT = 200;

/** What is wrong with a value: a stable word and a Chinese sentence. `at` is the place inside the value, such as `[2]`. */
export interface ValueProblem {
  readonly at: string;
  readonly code:
    'wrong_type' | 'not_finite' | 'bad_option' | 'out_of_range' | 'empty' | 'too_long' | 'bad_span' | 'unknown_key';
  readonly message: string;
}

type AnyField = Pick<FieldDefinition<never>, 'type' | 'options' | 'items' | 'whole' | 'min' | 'max'>;

const TIME_OF_DAY = /^([01]\d|2[0-3]):([0-5]\d)$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

/** The comparable form of one written value: text of times becomes a number, everything else stays. */
export function comparable(field: AnyField, value: Scalar): Scalar {
  if (field.type === 'instant') return Date.parse(String(value));
  if (field.type !== 'time-of-day') return value;
  const [, hour, minute] = TIME_OF_DAY.exec(String(value)) ?? [];
  return Number(hour) * 60 + Number(minute);
}

/** Checks the value of a leaf against its field and operator; an empty list means it is sound. */
export function valueProblems(field: AnyField, op: Operator, value: unknown): ValueProblem[] {
  if (op === 'in' || op === 'notIn' || op === 'hasAny' || op === 'hasNone') return listProblems(field, value);
  if (op === 'within') return Array.isArray(value) ? listProblems(field, value) : scalarProblems(field, value, '');
  if (op === 'between' || op === 'range') return spanProblems(field, op, value);
  if (op === 'everyNth') {
    const whole = typeof value === 'number' && Number.isSafeInteger(value);
    if (!whole || value < 2) return [problem('', 'wrong_type', '「每第几次」要填 2 以上的整数')];
    return [];
  }
  return scalarProblems(field, value, '');
}

function listProblems(field: AnyField, value: unknown): ValueProblem[] {
  if (!Array.isArray(value)) return [problem('', 'wrong_type', '这里要填一组值')];
  if (value.length === 0) return [problem('', 'empty', '至少要选一个值')];
  if (value.length > MAX_LIST) return [problem('', 'too_long', `最多 ${MAX_LIST} 个值`)];
  return Array.from(value, (item, index) => scalarProblems(field, item, `[${index}]`)).flat();
}

function spanProblems(field: AnyField, op: Operator, value: unknown): ValueProblem[] {
  if (!isSpanShape(value)) return [problem('', 'wrong_type', '这里要填起止两个值 {from, to}')];
  const stray = Object.keys(value).find((key) => key !== 'from' && key !== 'to');
  if (stray !== undefined) return [problem('', 'unknown_key', `起止值里不认识「${stray.slice(0, 40)}」`)];
  const problems = [...scalarProblems(field, value.from, '.from'), ...scalarProblems(field, value.to, '.to')];
  if (problems.length > 0) return problems;
  const from = comparable(field, value.from);
  const to = comparable(field, value.to);
  if (op === 'range') return from <= to ? [] : [problem('', 'bad_span', '起始值不能大于结束值')];
  // 22:00 – 02:00 goes over midnight: for a time of day only equal ends make no sense.
  const sound = field.type === 'time-of-day' ? from !== to : from < to;
  return sound ? [] : [problem('', 'bad_span', '起始值要小于结束值（结束值本身不含在内）')];
}

function isSpanShape(value: unknown): value is Span {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'from') && Object.hasOwn(value, 'to');
}

function scalarProblems(field: AnyField, value: unknown, at: string): ValueProblem[] {
  switch (field.type) {
    case 'number':
      return numberProblems(field, value, at);
    case 'boolean':
      return typeof value === 'boolean' ? [] : [problem(at, 'wrong_type', '这里要填「是」或「否」')];
    case 'string':
      return textProblems(value, at);
    case 'set': {
      const texts = field.items === 'string' || (field.items === undefined && typeof value === 'string');
      return texts ? textProblems(value, at) : numberProblems(field, value, at);
    }
    case 'enum':
      if (field.options?.some((option) => option.value === value)) return [];
      return [problem(at, 'bad_option', '不在可选的值里')];
    case 'adcode':
      if (isAdcode(value)) return [];
      return [problem(at, 'wrong_type', '这里要填六位行政区划代码（数字）')];
    case 'weekday':
      return isWhole(value, 1, 7) ? [] : [problem(at, 'wrong_type', '星期要填 1（周一）到 7（周日）')];
    case 'time-of-day':
      if (typeof value === 'string' && TIME_OF_DAY.test(value)) return [];
      return [problem(at, 'wrong_type', '时刻要写成 HH:MM，例如 18:30')];
    case 'instant':
      if (typeof value === 'string' && INSTANT.test(value) && Number.isFinite(Date.parse(value))) return [];
      return [problem(at, 'wrong_type', '时间要写成带时区的 ISO 格式，例如 2026-06-01T00:00:00+08:00')];
  }
}

function textProblems(value: unknown, at: string): ValueProblem[] {
  if (typeof value !== 'string') return [problem(at, 'wrong_type', '这里要填文字')];
  if (value === '') return [problem(at, 'empty', '文字不能为空')];
  return value.length > MAX_TEXT ? [problem(at, 'too_long', `文字最长 ${MAX_TEXT} 个字`)] : [];
}

function numberProblems(field: AnyField, value: unknown, at: string): ValueProblem[] {
  if (typeof value !== 'number') return [problem(at, 'wrong_type', '这里要填数字')];
  if (!Number.isFinite(value)) return [problem(at, 'not_finite', '这里要填一个确定的数字')];
  if (field.whole && !Number.isSafeInteger(value)) return [problem(at, 'wrong_type', '这里要填整数')];
  const min = field.min ?? -Infinity;
  const max = field.max ?? Infinity;
  if (value >= min && value <= max) return [];
  return [problem(at, 'out_of_range', `数字要在 ${min} 到 ${max} 之间`)];
}

export function isAdcode(value: unknown): value is number {
  return typeof value === 'number' && value >= 110_000 && value <= 999_999 && Number.isInteger(value);
}

function isWhole(value: unknown, min: number, max: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
}

function problem(at: string, code: ValueProblem['code'], message: string): ValueProblem {
  return { at, code, message };
}

export function isSpan(value: LeafValue): value is Span {
  return typeof value === 'object' && !Array.isArray(value);
}
