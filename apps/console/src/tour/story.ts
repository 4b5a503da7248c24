/** What the launcher prepared: see `GET /tour/story`. */
export interface Story {
  readonly campaignId: number;
  readonly campaignName: string;
  readonly codes: readonly string[];
  readonly people: { readonly hefei: string; readonly nanjing: string };
  /** Origin of the stand-in WeChat that a phone sees. */
  readonly sandbox: string;
}

/** The demo's accounts; their passwords are printed by every start. */
export const DESKS = {
  author: { login: 'qinghe', password: 'qinghe-2026', name: '品牌负责人 林知夏' },
  approver: { login: 'qinghe-cfo', password: 'qinghe-2026-cfo', name: '财务 周明远' },
  anhui: { login: 'anhui', password: 'anhui-2026', name: '安徽徽茗 程徽' },
} as const;
export type Desk = keyof typeof DESKS;

const HEADERS = { 'x-requested-with': 'yima', accept: 'application/json' };

export class Refused extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

/** Any route of this host as the person who sits at the desk. Throws Refused with the server's sentence. */
export async function ask<T>(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown): Promise<T> {
  const response = await fetch(path, {
    method,
    headers: body === undefined ? HEADERS : { ...HEADERS, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer = text === '' ? null : (JSON.parse(text) as unknown);
  if (response.ok) return answer as T;
  const told = (answer as { error?: { message?: string } } | null)?.error?.message;
  throw new Refused(told ?? `没有得到回答（${response.status}）`, response.status);
}

/** One browser has one desk: whoever signs in takes it over, in the console's frame too. */
export async function sitDown(desk: Desk): Promise<void> {
  const { login, password } = DESKS[desk];
  await ask('POST', '/v1/console/login', { login, password });
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks again until the answer is good enough. Throws with `what` after `seconds`. */
export async function until<T>(
  what: string,
  seconds: number,
  look: () => Promise<T>,
  good: (found: T) => boolean,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (good(found)) return found;
    if (Date.now() > end) throw new Error(what);
    await sleep(700);
  }
}
