import { NotFoundException } from '@nestjs/common';
import fc from 'fast-check';
import { Defect, memberId, Rejected, Transient } from '@app/kernel';
import { isReturnPath } from '../h5/sign-in/return-path';
import { MemberSession } from '../h5/sign-in/member-session';
import { errorReply } from './error-reply';
import { RateLimit } from './rate-limit';
import { SignedText } from './signed-text';

const key = Buffer.alloc(32, 7);

describe('error replies', () => {
  const of = (error: unknown) => errorReply(error, 'r1');

  it('give each kind of trouble its status', () => {
    expect(of(new Rejected('x', '不行', 409, { a: 1 }))).toMatchObject({
      status: 409,
      body: { error: { code: 'x', message: '不行', details: { a: 1 }, requestId: 'r1' } },
      log: 'none',
    });
    expect(of(new Transient('later', 2.2))).toMatchObject({
      status: 503,
      headers: { 'retry-after': '3' },
      log: 'warn',
    });
    expect(of(new NotFoundException())).toMatchObject({
      status: 404,
      body: { error: { code: 'not_found' } },
      log: 'none',
    });
    expect(of({ statusCode: 413 })).toMatchObject({ status: 413, body: { error: { code: 'too_large' } } });
    expect(of({ statusCode: 418 })).toMatchObject({ status: 418, body: { error: { code: 'refused' } } });
    for (const bug of [new Defect('bug'), new Error('secret path /etc'), 'text', null, { statusCode: 503 }]) {
      expect(of(bug)).toMatchObject({ status: 500, body: { error: { code: 'internal' } }, log: 'error' });
    }
  });

  it('never show what went wrong inside', () => {
    const { body } = of(new Error('Access denied for user yima_app'));
    expect(JSON.stringify(body)).not.toContain('yima_app');
  });

  it('tell how long to wait', () => {
    expect(of(new Rejected('too_fast', '慢点', 429, { retryAfterSeconds: 7 })).headers).toEqual({ 'retry-after': '7' });
  });
});

describe('rate limit', () => {
  it('lets a burst through, then one per step, and says how long to wait', () => {
    const limit = new RateLimit(30);
    for (let n = 0; n < 30; n++) expect(limit.take('a', 0)).toBe(0);
    expect(limit.take('a', 0)).toBe(2);
    expect(limit.take('b', 0)).toBe(0);
    expect(limit.take('a', 2000)).toBe(0);
    expect(limit.take('a', 2000)).toBeGreaterThan(0);
  });

  it('never lets more than twice the rate through in a minute', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 60_000 }), { maxLength: 300 }), (moments) => {
        const limit = new RateLimit(20);
        const taken = moments.sort((a, b) => a - b).filter((at) => limit.take('k', at) === 0);
        expect(taken.length).toBeLessThanOrEqual(41);
      }),
    );
  });

  it('remembers no more keys than it may', () => {
    const limit = new RateLimit(1, 100);
    for (let n = 0; n < 1000; n++) limit.take(`k${n}`, n);
    expect(limit.size).toBe(100);
  });
});

describe('signed texts', () => {
  it('open only as they were signed, and only for their purpose', () => {
    const [one, other] = [new SignedText(key, 'one'), new SignedText(key, 'other')];
    fc.assert(
      fc.property(fc.stringMatching(/^[\w.]{0,40}$/), fc.nat(), (text, at) => {
        const signed = one.sign(text);
        expect(one.open(signed)).toBe(text);
        expect(other.open(signed)).toBeNull();
        const place = at % signed.length;
        const changed = signed.slice(0, place) + (signed[place] === 'A' ? 'B' : 'A') + signed.slice(place + 1);
        expect(one.open(changed)).toBeNull();
      }),
    );
    expect(one.open('')).toBeNull();
    expect(one.open('no-dot')).toBeNull();
  });
});

describe('member sessions', () => {
  const config = { keys: { cookie: key }, http: { publicUrl: 'https://q.example.cn' } };
  const session = new MemberSession(config as never, { has: () => false } as never);
  const day = 86_400_000;

  it('hold for thirty days', () => {
    const value = session.issue(memberId(4_503_599_627_370_495), 0);
    expect(session.read(value, 29 * day)).toBe(4_503_599_627_370_495);
    expect(session.read(value, 30 * day + 1000)).toBeNull();
    expect(session.read(value, -day)).toBeNull();
  });

  it('are nobody’s when changed or foreign', () => {
    const value = session.issue(memberId(42), 0);
    expect(session.read(value.replace(/^1\.16\./, '1.17.'), 0)).toBeNull();
    expect(session.read(new SignedText(key, 'oauth round').sign('1.16.0'), 0)).toBeNull();
    expect(session.read(new SignedText(key, 'h5 session').sign('2.16.0'), 0)).toBeNull();
    for (const text of ['', '1.16.0', '1.16.0.', `1.16.0.${'A'.repeat(43)}`]) expect(session.read(text, 0)).toBeNull();
  });
});

it('a way back never leaves this site', () => {
  const site = 'https://q.example.cn';
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.webUrl(),
        fc.string().map((text) => `/${text}`),
      ),
      (path) => {
        if (isReturnPath(path)) expect(new URL(path, site).origin).toBe(site);
      },
    ),
    { numRuns: 2000 },
  );
  for (const path of ['/A0123456789ABCDEF', '/01/06901234567892/21/A1', '/h5/awards/1-0-1-0-X?from=1']) {
    expect(isReturnPath(path)).toBe(true);
  }
});
