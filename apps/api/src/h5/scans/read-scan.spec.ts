import 'reflect-metadata';
import { ArgumentMetadata } from '@nestjs/common';
import fc from 'fast-check';
import { Rejected } from '@app/kernel';
import { validationPipe } from '../../edge/validation';
import { readScan, type ScanRequest } from './read-scan';
import { ScanDto } from './scan.dto';

const pipe = validationPipe();
const metadata: ArgumentMetadata = { type: 'body', metatype: ScanDto };

/** What class-validator makes of a body: the request, or null when it is refused. */
async function byDto(body: unknown): Promise<ScanRequest | null> {
  try {
    const { scanId, code, location, withoutLocation } = (await pipe.transform(body, metadata)) as ScanDto;
    const place = location ? { ...location } : null;
    return { scanId, code, location: place, withoutLocation: withoutLocation === true };
  } catch (error) {
    if (error instanceof Rejected) return null;
    throw error;
  }
}

function byHand(body: unknown): ScanRequest | null {
  try {
    const request = readScan(body);
    return { ...request, location: request.location && { ...request.location } };
  } catch (error) {
    if (error instanceof Rejected) return null;
    throw error;
  }
}

const scanId = fc.stringMatching(/^[0-9A-Za-z-]{16,36}$/);
const location = fc.record({
  latitude: fc.double({ min: -90, max: 90, noNaN: true }),
  longitude: fc.double({ min: -180, max: 180, noNaN: true }),
  accuracy: fc.double({ min: 0, max: 10_000_000, noNaN: true }),
  datum: fc.constant('gcj02'),
});
const good = fc.record(
  { scanId, code: fc.string({ minLength: 1, maxLength: 600 }), location, withoutLocation: fc.constant(true) },
  { requiredKeys: ['scanId', 'code'] },
);
/** Values that JSON can carry and that a rule might trip over. */
const odd = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(null, true, false, 0, -1, 91, 180.5, 1e8, '', ' ', 'gcj02', 'wgs84', 'a'.repeat(16), 'a'.repeat(37)),
  fc.double({ noNaN: true }),
  fc.constant([]),
  location,
);
const field = fc.constantFrom('scanId', 'code', 'location', 'withoutLocation', 'extra', 'datum');
const placeField = fc.constantFrom('latitude', 'longitude', 'accuracy', 'datum', 'altitude');
/** Reading JSON already refuses these; the two readers need not agree on them. */
const reserved = (body: unknown): boolean => /"(__proto__|constructor)"/.test(JSON.stringify(body) ?? '');

const bodies = fc.oneof(
  good,
  fc.tuple(good, field, odd).map(([body, name, value]) => ({ ...body, [name]: value })),
  fc.tuple(good, location, placeField, odd).map(([body, place, name, value]) => ({
    ...body,
    location: { ...place, [name]: value },
  })),
  fc.tuple(good, field).map(([body, name]) => Object.fromEntries(Object.entries(body).filter(([key]) => key !== name))),
  fc.jsonValue(),
);

it('reads a scan exactly as its DTO does', async () => {
  const seen = { taken: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(bodies, async (body) => {
      fc.pre(!reserved(body));
      const expected = await byDto(body);
      seen[expected === null ? 'refused' : 'taken']++;
      expect(byHand(body)).toEqual(expected);
    }),
    { numRuns: 3000 },
  );
  // A test that only ever saw one side would prove nothing.
  expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(300);
});

it('names every faulty field at once', () => {
  const broken = { scanId: 'x', location: { latitude: 100, datum: 'wgs84' }, amountFen: 1 };
  const read = (): unknown => readScan(broken);
  expect(read).toThrow(
    /amountFen、scanId、code、location\.latitude、location\.longitude、location\.accuracy、location\.datum/,
  );
});
