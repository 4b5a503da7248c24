import fc from 'fast-check';
import { fen, memberId } from '@app/kernel';
import { addTotals, foldEvents, NO_TOTALS, type MemberEvent, type MemberEventKind } from './member-totals';

const WINDOW = new Date('2025-11-21T16:00:00Z');

const event: fc.Arbitrary<MemberEvent> = fc.record({
  memberId: fc.constant(memberId(7)),
  eventKey: fc.uuid(),
  kind: fc.constantFrom<MemberEventKind[]>('scan', 'consume', 'received', 'returned', 'tier', 'merged'),
  at: fc.integer({ min: -20, max: 20 }).map((hours) => new Date(WINDOW.getTime() + hours * 3_600_000)),
  amountFen: fc.integer({ min: 0, max: 5000 }).map(fen),
  spendFen: fc.integer({ min: 0, max: 900 }).map(fen),
  adcode: fc.option(fc.constantFrom(340100, 340104, 310115, 110101), { nil: null }),
});
const events = fc.array(event, { maxLength: 40 });

it('is the same in any order', () => {
  fc.assert(
    fc.property(events, fc.integer(), (list, seed) => {
      const shuffled = [...list].sort((a, b) => order(a, seed) - order(b, seed));
      expect(foldEvents(NO_TOTALS, shuffled, WINDOW)).toEqual(foldEvents(NO_TOTALS, list, WINDOW));
    }),
  );
});

it('is the same in any two parts: merging members keeps sums', () => {
  fc.assert(
    fc.property(events, fc.nat(40), (list, cut) => {
      const parts = [list.slice(0, cut), list.slice(cut)].map((part) => foldEvents(NO_TOTALS, part, WINDOW));
      expect(addTotals(parts[0]!, parts[1]!)).toEqual(foldEvents(NO_TOTALS, list, WINDOW));
    }),
  );
});

it('counts scans, opened bottles, wins, money and the latest known place', () => {
  const at = (hour: number) => new Date(Date.UTC(2026, 10, 3, hour));
  const plain = { memberId: memberId(7), amountFen: fen(0), spendFen: fen(0), adcode: null };
  const totals = foldEvents(
    NO_TOTALS,
    [
      {
        ...plain,
        eventKey: 'scan:1',
        kind: 'consume',
        at: at(1),
        amountFen: fen(188),
        spendFen: fen(600),
        adcode: 340104,
      },
      { ...plain, eventKey: 'scan:2', kind: 'scan', at: at(3) },
      { ...plain, eventKey: 'paid:1', kind: 'received', at: at(4), amountFen: fen(188) },
      { ...plain, eventKey: 'scan:3', kind: 'consume', at: new Date('2025-01-01'), spendFen: fen(600), adcode: 110101 },
    ],
    WINDOW,
  );
  expect(totals).toEqual({
    scans: 3,
    codes: 2,
    wins: 1,
    awardedFen: 188,
    receivedFen: 188,
    spendFen: 600,
    lastAdcode: 340104,
    lastPlaceAt: at(1),
    lastScanAt: at(3),
  });
});

function order(one: MemberEvent, seed: number): number {
  return [...one.eventKey].reduce((sum, letter) => Math.imul(sum ^ letter.charCodeAt(0), 0x01000193), seed);
}
