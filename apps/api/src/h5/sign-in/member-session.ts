import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '@app/config';
import { Rejected, type MemberId } from '@app/kernel';
import { ErasedMembers } from '@app/members';
import { cookieOf, setCookie, type CookieOptions } from '../../edge/cookies';
import { SignedText } from '../../edge/signed-text';

export const SESSION_COOKIE = 'yima_session';
const VERSION = '1';
const LIFE_S = 30 * 24 * 3600;
/** A clock that stepped back a little must not end sessions that were just made. */
const SKEW_S = 300;

/**
 * Who holds the phone: `1.<member>.<issued, s>.<mac>`, numbers in base 36. The cookie is the session: nothing is stored, a check
 * costs one HMAC, one look at a short list of people who were erased, and no I/O.
 */
@Injectable()
export class MemberSession {
  private readonly signed: SignedText;
  private readonly options: CookieOptions;

  constructor(
    @Inject(CONFIG) { keys, http }: Config,
    private readonly gone: ErasedMembers,
  ) {
    this.signed = new SignedText(keys.cookie, 'h5 session');
    this.options = { path: '/', httpOnly: true, sameSite: 'lax', secure: http.publicUrl.startsWith('https:') };
  }

  issue(member: MemberId, nowMs: number): string {
    return this.signed.sign(`${VERSION}.${member.toString(36)}.${Math.floor(nowMs / 1000).toString(36)}`);
  }

  /** The member of a session that is ours and not over, else null. */
  read(value: string, nowMs: number): MemberId | null {
    const text = this.signed.open(value);
    const [version, member, issued] = text?.split('.') ?? [];
    if (version !== VERSION || member === undefined || issued === undefined) return null;
    const age = nowMs / 1000 - Number.parseInt(issued, 36);
    if (!(age < LIFE_S && age > -SKEW_S)) return null;
    return Number.parseInt(member, 36) as MemberId;
  }

  of(request: FastifyRequest): MemberId | null {
    const member = this.named(request);
    return member === null || this.gone.has(member) ? null : member;
  }

  /** Throws Rejected 401 `no_session`: the page then leaves for WeChat's silent sign-in. */
  require(request: FastifyRequest): MemberId {
    const member = this.of(request);
    if (member === null) throw new Rejected('no_session', '请先在微信里登录', 401);
    return member;
  }

  /** Also somebody who was erased meanwhile: whoever asks for that twice, because no answer came, is not asked to sign in again. */
  requireEvenGone(request: FastifyRequest): MemberId {
    const member = this.named(request);
    if (member === null) throw new Rejected('no_session', '请先在微信里登录', 401);
    return member;
  }

  private named(request: FastifyRequest): MemberId | null {
    const value = cookieOf(request, SESSION_COOKIE);
    return value === null ? null : this.read(value, Date.now());
  }

  start(reply: FastifyReply, member: MemberId): void {
    setCookie(reply, SESSION_COOKIE, this.issue(member, Date.now()), { ...this.options, maxAge: LIFE_S });
  }

  end(reply: FastifyReply): void {
    setCookie(reply, SESSION_COOKIE, null, this.options);
  }
}
