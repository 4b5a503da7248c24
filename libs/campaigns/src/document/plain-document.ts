export interface DocumentProblem {
  readonly path: string;
  readonly code: 'too_large' | 'too_deep' | 'forbidden_key' | 'not_plain' | 'not_finite';
  readonly message: string;
}

const MAX_NODES = 20_000;
/** A rule's condition may nest 16 deep, and each level is an object and a list. */
const MAX_DEPTH = 48;
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Is this a plain JSON document of bearable size? Looks before any schema does, on its own stack, so that neither size nor depth nor a
 * document that contains itself can hurt. Returns the first thing that is wrong, or null.
 */
export function plainDocumentProblem(input: unknown): DocumentProblem | null {
  const stack = [{ value: input, path: '', depth: 0 }];
  let nodes = 0;
  for (let at = stack.pop(); at; at = stack.pop()) {
    const { value, path, depth } = at;
    if (++nodes > MAX_NODES) return problem('', 'too_large', '活动内容太大');
    if (depth > MAX_DEPTH) return problem(path, 'too_deep', '活动内容嵌套太深');
    if (typeof value === 'number' && !Number.isFinite(value))
      return problem(path, 'not_finite', '这里要填一个确定的数字');
    if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint') {
      return problem(path, 'not_plain', '这里的内容不是普通数据');
    }
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) {
      if (value.length > MAX_NODES) return problem(path, 'too_large', '这一组内容太多');
      value.forEach((item: unknown, index) => stack.push({ value: item, path: `${path}[${index}]`, depth: depth + 1 }));
      continue;
    }
    if (!isPlain(value)) return problem(path, 'not_plain', '这里的内容不是普通数据');
    for (const [key, item] of Object.entries(value)) {
      if (FORBIDDEN_KEYS.has(key)) return problem(path, 'forbidden_key', `不允许使用「${key}」`);
      stack.push({ value: item, path: path === '' ? key : `${path}.${key}`, depth: depth + 1 });
    }
  }
  return null;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  // Not compared with Object.prototype itself: an object of another realm (a clone, a test) is as plain.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function problem(path: string, code: DocumentProblem['code'], message: string): DocumentProblem {
  return { path: path.slice(0, 300), code, message };
}
