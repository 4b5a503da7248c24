import fc from 'fast-check';
import { DueQueue } from './due-queue';
import type { SandboxEvent } from './event';
import { Identity } from './identity';
import { STATES_OF, isPaid, isTerminal, mayMove, type BillState, type NewBill } from './bill';
import { World } from './world';
import { summarize } from '../control/ledger-view';

const user = { id: 'u', nickname: 'U', city: '合肥', latitude: 31, longitude: 117, ip: '36.60.80.132' };

function world(): World {
  const made = new World(new Identity('secret'), 'wxapp');
  made.apply({ t: 'user', user });
  made.apply({ t: 'topup', mchId: 'm', amountFen: 1_000, at: 0 });
  return made;
}

function bill(
  outBillNo: string,
  amountFen: number,
  state: BillState,
  channel: 'transfer' | 'redpack' = 'transfer',
): NewBill {
  return {
    channel,
    outBillNo,
    platformNo: `P${channel}${outBillNo}`,
    mchId: 'm',
    appId: 'wxapp',
    openid: 'o',
    userId: 'u',
    amountFen,
    fingerprint: 'f',
    details: { remark: 'r' },
    createdAt: 1,
    updatedAt: 1,
    state,
  };
}

describe('world', () => {
  it('keeps the book right whatever events it is offered', () => {
    const states = [...STATES_OF.transfer, ...STATES_OF.redpack];
    const offer = fc.record({
      what: fc.constantFrom('bill', 'move', 'repeat', 'topup'),
      no: fc.integer({ min: 0, max: 4 }),
      fen: fc.integer({ min: -5, max: 600 }),
      state: fc.constantFrom(...states),
      channel: fc.constantFrom('transfer' as const, 'redpack' as const),
    });
    fc.assert(
      fc.property(fc.array(offer, { maxLength: 60 }), (offers) => {
        const subject = world();
        for (const { what, no, fen, state, channel } of offers) {
          const key = `${channel}:m:${no}`;
          const before = JSON.stringify(summarize(subject, undefined));
          const event: SandboxEvent =
            what === 'bill'
              ? { t: 'bill', bill: bill(String(no), fen, state, channel) }
              : what === 'move'
                ? { t: 'move', key, state, at: 2 }
                : what === 'repeat'
                  ? { t: 'repeat', key }
                  : { t: 'topup', mchId: 'm', amountFen: fen, at: 2 };
          try {
            subject.apply(event);
          } catch {
            // A refused event must leave no trace.
            if (JSON.stringify(summarize(subject, undefined)) !== before) return false;
          }
        }
        const summary = summarize(subject, undefined);
        return (
          summary.balanced && summary.doubleCredits === 0 && subject.billsInOrder.every((one) => one.creditCount <= 1)
        );
      }),
      { numRuns: 500 },
    );
  });

  it('notices a book that was cooked', () => {
    const subject = world();
    subject.apply({ t: 'bill', bill: bill('1', 100, 'WAIT_USER_CONFIRM') });
    subject.apply({ t: 'move', key: 'transfer:m:1', state: 'SUCCESS', at: 2 });
    expect(summarize(subject, 'm')).toMatchObject({
      balanced: true,
      merchantBalanceFen: 900,
      creditedFen: 100,
      successBills: 1,
    });
    subject.ledger.move({
      at: 3,
      kind: 'credit',
      billKey: 'transfer:m:1',
      from: 'merchant:m',
      to: 'user:u',
      amountFen: 100,
    });
    expect(summarize(subject, 'm')).toMatchObject({ balanced: false, doubleCredits: 1 });
  });

  it('lets no terminal state be left and no state be paid without a way', () => {
    const states = [...STATES_OF.transfer, ...STATES_OF.redpack];
    for (const from of states) {
      for (const to of states) if (isTerminal(from)) expect(mayMove(from, to)).toBe(false);
    }
    expect(states.filter(isTerminal).sort()).toEqual(['CANCELLED', 'FAIL', 'FAILED', 'RECEIVED', 'REFUND', 'SUCCESS']);
    expect(states.filter((state) => states.some((from) => isPaid(state) && mayMove(from, state)))).toEqual([
      'SUCCESS',
      'RECEIVED',
    ]);
  });
});

describe('due queue', () => {
  it('gives things back in order and not before their time', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1_000 })), fc.integer({ min: 0, max: 1_000 }), (times, now) => {
        const queue = new DueQueue<number>();
        for (const time of times) queue.push(time, time);
        const out: number[] = [];
        for (let item = queue.take(now); item !== undefined; item = queue.take(now)) out.push(item);
        const expected = times.filter((time) => time <= now).sort((a, b) => a - b);
        return JSON.stringify(out) === JSON.stringify(expected) && queue.size === times.length - expected.length;
      }),
    );
  });
});

describe('identity', () => {
  const identity = new Identity('secret');
  it('names a user the same for ever and differently for every app', () => {
    expect(identity.openid('a', 'u')).toBe(new Identity('secret').openid('a', 'u'));
    expect(identity.openid('a', 'u')).toHaveLength(28);
    expect(new Set([identity.openid('a', 'u'), identity.openid('b', 'u'), identity.openid('a', 'u', true)]).size).toBe(
      3,
    );
  });

  it('opens only what it sealed for that purpose', () => {
    const sealed = identity.seal('package', { n: '1' });
    expect(identity.unseal('package', sealed)).toEqual({ n: '1' });
    expect(identity.unseal('access', sealed)).toBeUndefined();
    expect(identity.unseal('package', `x${sealed}`)).toBeUndefined();
    expect(new Identity('other').unseal('package', sealed)).toBeUndefined();
    expect(identity.unseal('package', '')).toBeUndefined();
  });
});
