import { createApiClient, type Schemas } from '@app/api-client';

export type { Schemas };

/** Why an answer did not come. `message` is a sentence for the person at the desk. */
export class NoAnswer extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status: number,
    readonly details: unknown = null,
  ) {
    super(message);
  }
}

let signedOut: () => void = () => undefined;

/** Called when the server says that nobody is signed in any more. */
export function onSignedOut(does: () => void): void {
  signedOut = does;
}

/** Every call says that it comes from this page; the cookie travels by itself. */
export const client = createApiClient(location.origin, async (request) => {
  request.headers.set('x-requested-with', 'yima');
  try {
    return await fetch(request);
  } catch {
    throw new NoAnswer('network', '网络没有连上，请检查后再试', 0);
  }
});

interface Answer<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/** The body of a good answer. Throws NoAnswer with the server's own words for any other. */
export async function answer<T>(asked: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await asked;
  if (response.ok) return data as T;
  const told = (error as { error?: { code?: string; message?: string; details?: unknown } } | undefined)?.error;
  const message = told?.message ?? `没有得到回答（${response.status}），请稍后再试`;
  if (response.status === 401 && told?.code === 'no_session') signedOut();
  throw new NoAnswer(told?.code ?? `http_${response.status}`, message, response.status, told?.details ?? null);
}

/** What to tell the person at the desk: the server's own words where it gave some. */
export function whyNot(error: unknown, otherwise: string): string {
  return error instanceof NoAnswer ? error.message : otherwise;
}
