import { systemRandom } from '@app/kernel';
import { Secret } from 'otpauth';
import { codeAt, newRecoveryCodes, newSecret, recoveryHash, stepOf, uriOf } from './totp';

/** RFC 6238, appendix B: SHA-1 over the ASCII secret; the last six of its eight digits. */
const RFC_SECRET = Secret.fromUTF8('12345678901234567890').base32;
const RFC_CODES = [
  [59, '94287082'],
  [1_111_111_109, '07081804'],
  [1_111_111_111, '14050471'],
  [1_234_567_890, '89005924'],
  [2_000_000_000, '69279037'],
  [20_000_000_000, '65353130'],
] as const;

it.each(RFC_CODES)('at second %d RFC 6238 says %s', (seconds, code) => {
  const at = new Date(seconds * 1000);
  expect(codeAt(RFC_SECRET, at)).toBe(code.slice(2));
  expect(stepOf(RFC_SECRET, code.slice(2), at)).toBe(Math.floor(seconds / 30));
});

it('takes the codes of the step before and after, and says which; no other', () => {
  const secret = newSecret(systemRandom);
  const now = new Date('2026-11-22T04:00:10Z');
  const step = Math.floor(now.getTime() / 30_000);
  const shifted = (steps: number): string => codeAt(secret, new Date(now.getTime() + steps * 30_000));
  expect([-1, 0, 1].map((steps) => stepOf(secret, shifted(steps), now))).toEqual([step - 1, step, step + 1]);
  for (const steps of [-3, -2, 2, 3]) {
    if ([-1, 0, 1].some((near) => shifted(near) === shifted(steps))) continue;
    expect(stepOf(secret, shifted(steps), now)).toBeNull();
  }
  for (const code of ['', '12345', '1234567', 'abcdef', '12 456', '１２３４５６'])
    expect(stepOf(secret, code, now)).toBeNull();
});

it('makes secrets of 160 bits, each another, and says them as phones read them', () => {
  const secrets = Array.from({ length: 50 }, () => newSecret(systemRandom));
  expect(new Set(secrets).size).toBe(50);
  for (const secret of secrets) expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  const uri = new URL(uriOf(secrets[0]!, '一码 青禾', 'qinghe'));
  expect(uri.protocol).toBe('otpauth:');
  expect(uri.searchParams.get('secret')).toBe(secrets[0]);
  expect(uri.searchParams.get('issuer')).toBe('一码 青禾');
});

it('makes recovery codes that survive being written down', () => {
  const codes = newRecoveryCodes(systemRandom);
  expect(new Set(codes).size).toBe(10);
  for (const code of codes) {
    expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
    const sloppy = ` ${code.toLowerCase().replaceAll('-', ' ').replaceAll('1', 'l').replaceAll('0', 'O')} `;
    expect(recoveryHash(sloppy)).toEqual(recoveryHash(code));
  }
  expect(recoveryHash(codes[0]!)).not.toEqual(recoveryHash(codes[1]!));
  for (const none of ['', '123456', 'AAAA-AAAA-AAAA']) expect(recoveryHash(none)).toBeNull();
});
