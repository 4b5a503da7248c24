import { idleRanges, rangeAlarms } from './code-alarm';

const at = new Date('2026-11-20T02:00:00Z');
const scan = (serial: number, city: number, layer = 0) => ({ layer, serial, city, at });

it('idle is what nobody put on sale, froze or voided', () => {
  const segments = [
    { from: 0, to: 100, state: 'active' },
    { from: 100, to: 150, state: 'inactive' },
    { from: 300, to: 400, state: 'void' },
  ];
  expect(idleRanges(0, 1000, segments)).toEqual([
    { layer: 0, from: 100, to: 300 },
    { layer: 0, from: 400, to: 1000 },
  ]);
  expect(idleRanges(2, 10, [])).toEqual([{ layer: 2, from: 0, to: 10 }]);
  expect(idleRanges(0, 10, [{ from: 0, to: 10, state: 'active' }])).toEqual([]);
});

it('three known cities make an alarm, two and any number of unknown places do not', () => {
  const idle = [{ layer: 0, from: 500, to: 90_000 }];
  const two = [scan(600, 340100), scan(601, 320100), scan(602, 0), scan(603, 0)];
  expect(rangeAlarms(idle, two)).toEqual([]);
  const [alarm] = rangeAlarms(idle, [...two, scan(88_123, 440100), scan(600, 340100)]);
  expect(alarm).toMatchObject({ scans: 6, codes: 5, cities: [340100, 320100, 440100] });
  expect([alarm!.scannedFrom, alarm!.scannedTo]).toEqual([500, 89_000]);
});

it('another layer, and codes that are on sale by now, do not count', () => {
  const scans = [scan(10, 340100, 1), scan(11, 320100, 1), scan(12, 440100, 1)];
  expect(rangeAlarms([{ layer: 0, from: 0, to: 100 }], scans)).toEqual([]);
  expect(rangeAlarms([{ layer: 1, from: 13, to: 100 }], scans)).toEqual([]);
  expect(rangeAlarms([{ layer: 1, from: 0, to: 100 }], scans)).toHaveLength(1);
});
