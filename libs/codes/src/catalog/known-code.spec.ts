import { fen } from '@app/kernel';
import { BATCH_MOVES, BATCH_STATUSES, assertBatchMove } from '../batches/batch-status';
import type { StopCause } from '../batches/stop-cause';
import { resolveCode, type BatchRecord } from './known-code';
import { Ranges } from './ranges';
import { SegmentTimeline, type SegmentState } from './segment-timeline';

const NOW = new Date('2026-07-01T00:00:00Z');

function record(change: {
  frozen?: boolean;
  frozenCause?: StopCause;
  status?: string;
  expiresAt?: Date;
  segment?: SegmentState;
  cause?: StopCause;
  purpose?: string;
}): BatchRecord {
  const timeline = new SegmentTimeline(
    change.segment
      ? [
          {
            ...{ id: 77, from: 10, to: 20, state: change.segment, cause: change.cause ?? null },
            effectiveAt: new Date(0),
          },
        ]
      : [],
  );
  const lots = new Ranges<number>();
  lots.paint(15, 20, 5);
  const honey = new Ranges<number>();
  honey.paint(100, 104, 7);
  honey.paint(104, 106, 8);
  return {
    epoch: 9,
    batch: {
      id: 3,
      name: '夏季',
      quantity: 100,
      status: (change.status ?? 'active') as 'active',
      frozen: change.frozen ?? false,
      frozenCause: change.frozenCause ?? null,
      expiresAt: change.expiresAt ?? null,
    },
    product: {
      id: 1,
      sku: 'S',
      gtin: null,
      name: '青柠',
      line: 'tea',
      spec: '500 ml',
      unitsPerCase: 15,
      imageUrl: null,
    },
    prices: [
      { from: new Date('2026-01-01'), fen: fen(500) },
      { from: new Date('2026-06-01'), fen: fen(550) },
    ],
    layers: new Map([
      [
        2,
        {
          ...{
            layer: 2,
            name: '盖内码',
            purpose: (change.purpose ?? 'prize') as 'prize',
            timeline,
            lots,
            lastBindingId: 1,
          },
          ...{ honey, lastHoneyId: 8 },
        },
      ],
    ]),
    lots: new Map([
      [
        5,
        {
          ...{ id: 5, lotNo: 'HF1', plant: '合肥', line: '1', producedOn: '2026-06-01', expiresOn: null },
          ...{ stagesId: null, stages: [] },
        },
      ],
    ]),
  };
}

const stateOf = (change: Parameters<typeof record>[0], at = NOW) => {
  const resolved = resolveCode(record(change), { batch: 3, layer: 2, serial: 12 }, at);
  return resolved.kind === 'known' ? [resolved.state, resolved.pays] : resolved.kind;
};

describe('a resolved code', () => {
  it('ranks: frozen batch over segment, void and frozen segment over the end, the end over active', () => {
    const over = { expiresAt: new Date(NOW.getTime() - 1) };
    expect(stateOf({ segment: 'active' })).toEqual(['active', true]);
    expect(stateOf({ segment: 'inactive' })).toEqual(['inactive', false]);
    expect(stateOf({})).toEqual(['inactive', false]);
    for (const segment of ['active', 'inactive', 'void', 'frozen'] as const) {
      expect(stateOf({ segment, frozen: true, ...over })).toEqual(['frozen', false]);
    }
    expect(stateOf({ segment: 'void', ...over })).toEqual(['void', false]);
    expect(stateOf({ segment: 'frozen', ...over })).toEqual(['frozen', false]);
    expect(stateOf({ segment: 'active', ...over })).toEqual(['expired', false]);
    expect(stateOf({ segment: 'active', status: 'closed' })).toEqual(['expired', false]);
  });

  it('is recalled whatever else it is, by its segment or by its batch', () => {
    const over = { expiresAt: new Date(NOW.getTime() - 1) };
    for (const segment of ['frozen', 'void'] as const) {
      expect(stateOf({ segment, cause: 'recall' })).toEqual(['recalled', false]);
      expect(stateOf({ segment, cause: 'recall', frozen: true, ...over })).toEqual(['recalled', false]);
      expect(stateOf({ segment, frozen: true, frozenCause: 'recall' })).toEqual(['recalled', false]);
    }
    expect(stateOf({ segment: 'active', frozen: true, frozenCause: 'recall' })).toEqual(['recalled', false]);
    expect(stateOf({ frozen: true, frozenCause: 'recall', status: 'closed' })).toEqual(['recalled', false]);
  });

  it('ends exactly at the end of the time to redeem', () => {
    expect(stateOf({ segment: 'active', expiresAt: NOW }, new Date(NOW.getTime() - 1))).toEqual(['active', true]);
    expect(stateOf({ segment: 'active', expiresAt: NOW })).toEqual(['expired', false]);
  });

  it('pays on prize layers only', () => {
    for (const purpose of ['verify', 'channel', 'logistics']) {
      expect(stateOf({ segment: 'active', purpose })).toEqual(['active', false]);
    }
  });

  it('is unknown when it was never issued', () => {
    expect(stateOf({ status: 'drafted', segment: 'active' })).toBe('unknown');
    expect(resolveCode(undefined, { batch: 3, layer: 2, serial: 12 }, NOW).kind).toBe('unknown');
    expect(resolveCode(record({}), { batch: 3, layer: 1, serial: 12 }, NOW).kind).toBe('unknown');
    expect(resolveCode(record({}), { batch: 3, layer: 2, serial: 106 }, NOW).kind).toBe('unknown');
    expect(resolveCode(record({}), { batch: 3, layer: 2, serial: 99 }, NOW).kind).toBe('known');
  });

  it('is a honey code past the end of the batch: like any code that nobody put on sale, whatever its batch is', () => {
    const honey = (serial: number, change: Parameters<typeof record>[0] = { segment: 'active' }) =>
      resolveCode(record(change), { batch: 3, layer: 2, serial }, NOW);
    for (const [serial, pack] of [
      [100, 7],
      [103, 7],
      [104, 8],
    ] as const) {
      expect(honey(serial)).toEqual({ ...honey(50), honeyOf: pack });
      expect(honey(serial)).toMatchObject({ state: 'inactive', pays: false, lot: null });
    }
    expect(honey(99)).toMatchObject({ honeyOf: null });
    for (const change of [{ frozen: true }, { status: 'closed' }, { frozen: true, frozenCause: 'recall' as const }]) {
      expect(honey(100, change)).toEqual({ ...honey(50, change), honeyOf: 7 });
    }
    expect(honey(100, { status: 'drafted' }).kind).toBe('unknown');
  });

  it('carries lot, segment, epoch and the price of that instant', () => {
    const at = (serial: number, instant: Date) =>
      resolveCode(record({ segment: 'active' }), { batch: 3, layer: 2, serial }, instant);
    expect(at(15, NOW)).toMatchObject({ lot: { lotNo: 'HF1' }, segmentId: 77, epoch: 9, priceFen: 550 });
    expect(at(14, new Date('2026-05-31'))).toMatchObject({ lot: null, segmentId: 77, priceFen: 500 });
    expect(at(50, new Date('2025-01-01'))).toMatchObject({ segmentId: null, priceFen: 500 });
  });
});

describe('batch status', () => {
  it('moves only along the table', () => {
    for (const from of BATCH_STATUSES) {
      for (const to of BATCH_STATUSES) {
        const move = () => assertBatchMove(from, to);
        if (BATCH_MOVES[from].includes(to)) expect(move).not.toThrow();
        else expect(move).toThrow(expect.objectContaining({ code: 'batch_status', status: 409 }));
      }
    }
  });
});
