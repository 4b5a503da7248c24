import { currentAttempt, markAnswered, newAttempt, randomUuid, requestOf } from './scan-attempt';

const HERE = { latitude: 31.82, longitude: 117.22, accuracy: 30, datum: 'gcj02' } as const;

describe('one chance, one scanId', () => {
  it('keeps its scanId over retries and after the answer, and another code has its own', () => {
    const first = currentAttempt('A1');
    markAnswered('A1', first);
    expect(currentAttempt('A1')).toEqual({ ...first, answered: true });
    expect(currentAttempt('A2').scanId).not.toBe(first.scanId);
  });

  it('gets another scanId only by a deliberate new try, which carries what was asked for', () => {
    const before = currentAttempt('B1');
    const located = newAttempt('B1', { location: HERE });
    expect(located.scanId).not.toBe(before.scanId);
    expect(requestOf('B1', currentAttempt('B1'))).toEqual({ scanId: located.scanId, code: 'B1', location: HERE });
    const nationwide = newAttempt('B1', { withoutLocation: true });
    expect(requestOf('B1', currentAttempt('B1'))).toEqual({
      scanId: nationwide.scanId,
      code: 'B1',
      withoutLocation: true,
    });
  });

  it('makes version 4 UUIDs where the browser has none', () => {
    const { randomUUID } = crypto;
    Object.defineProperty(crypto, 'randomUUID', { value: undefined, configurable: true });
    try {
      const made = Array.from({ length: 100 }, randomUuid);
      for (const id of made)
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(new Set(made).size).toBe(100);
    } finally {
      Object.defineProperty(crypto, 'randomUUID', { value: randomUUID, configurable: true });
    }
  });
});
