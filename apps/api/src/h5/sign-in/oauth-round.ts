import { Inject, Injectable } from '@nestjs/common';
import { timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { CONFIG, type Config } from '@app/config';
import { systemRandom } from '@app/kernel';
import { cookieOf, setCookie, type CookieOptions } from '../../edge/cookies';
import { SignedText } from '../../edge/signed-text';
import { isReturnPath } from './return-path';

const COOKIE = 'yima_oauth';
/** A code lives five minutes; people read the consent page for a while. */
const ROUND_LIFE_S = 600;
/** Rounds that began this closely after one another belong to one loop. */
const LOOP_WINDOW_S = 60;
const MOST_ROUNDS = 2;
const STATE_BYTES = 16;

const roundSchema = z.object({
  /** null once it was used: a state is good for one callback. */
  state: z.string().nullable(),
  back: z.string().refine(isReturnPath),
  /** When each of the latest rounds began, seconds. */
  began: z.array(z.number().int()).max(MOST_ROUNDS),
});
type Round = z.infer<typeof roundSchema>;

/**
 * One trip to WeChat and back, remembered by the browser in a short-lived signed cookie: the one-time state, where to return to, and
 * how many trips were made lately, so that a browser that keeps no cookies of ours or is refused is not sent round for ever.
 */
@Injectable()
export class OAuthRound {
  private readonly signed: SignedText;
  private readonly options: CookieOptions;

  constructor(@Inject(CONFIG) { keys, http }: Config) {
    this.signed = new SignedText(keys.cookie, 'oauth round');
    this.options = {
      path: '/v1/h5/oauth',
      httpOnly: true,
      sameSite: 'lax',
      secure: http.publicUrl.startsWith('https:'),
    };
  }

  /** Begins a trip and returns its state; null when this would be one too many in a row (the count starts anew then). */
  begin(request: FastifyRequest, reply: FastifyReply, back: string, nowS: number): string | null {
    const began = (this.read(request)?.began ?? []).filter((at) => nowS - at < LOOP_WINDOW_S);
    if (began.length >= MOST_ROUNDS) {
      setCookie(reply, COOKIE, null, this.options);
      return null;
    }
    const state = Buffer.from(systemRandom.bytes(STATE_BYTES)).toString('hex');
    this.write(reply, { state, back, began: [...began, nowS] });
    return state;
  }

  /** Another person has the phone: their trips are counted anew. */
  forget(reply: FastifyReply): void {
    setCookie(reply, COOKIE, null, this.options);
  }

  /** Ends a trip. `genuine` only when this browser began it, lately, with this state; the state is then spent. */
  end(
    request: FastifyRequest,
    reply: FastifyReply,
    state: string,
    nowS: number,
  ): { genuine: boolean; back: string | null } {
    const round = this.read(request);
    if (!round) return { genuine: false, back: null };
    const fresh = nowS - (round.began.at(-1) ?? 0) < ROUND_LIFE_S;
    const genuine = fresh && round.state !== null && sameText(round.state, state);
    if (genuine) this.write(reply, { ...round, state: null });
    return { genuine, back: round.back };
  }

  private read(request: FastifyRequest): Round | null {
    const value = cookieOf(request, COOKIE);
    const text = value === null ? null : this.signed.open(value);
    if (text === null) return null;
    const round = roundSchema.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    return round.success ? round.data : null;
  }

  private write(reply: FastifyReply, round: Round): void {
    const text = Buffer.from(JSON.stringify(round), 'utf8').toString('base64url');
    setCookie(reply, COOKIE, this.signed.sign(text), { ...this.options, maxAge: ROUND_LIFE_S });
  }
}

function sameText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one, 'utf8'), Buffer.from(other, 'utf8')];
  return a.length === b.length && timingSafeEqual(a, b);
}
