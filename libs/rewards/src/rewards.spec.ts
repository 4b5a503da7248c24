import { testConfig } from '@app/testing';
import { AwardIds, heldForAnother, payoutKeyOf, type Claim } from './index';

describe('award ids', () => {
  const ids = new AwardIds(testConfig());
  it('name a code to its owner and cannot be counted up', () => {
    const id = ids.make({ batch: 4_194_303, layer: 15, serial: 2 ** 30 - 1 }, 0);
    expect(ids.read(id)).toEqual({ batch: 4_194_303, layer: 15, serial: 2 ** 30 - 1 });
    const [batch, layer, , ...rest] = id.split('-');
    expect(ids.read([batch, layer, '5', ...rest].join('-'))).toBeNull();
    for (const wrong of ['', 'x', `${id}0`, '1-0-1-0-0000000000']) expect(ids.read(wrong)).toBeNull();
  });
});

it('keeps a held code from others only while the hold lasts', () => {
  const claim = { held: { by: 1, until: new Date(1000) } } as Claim;
  expect(heldForAnother(claim, 2 as never, new Date(999))).toBe(true);
  expect(heldForAnother(claim, 2 as never, new Date(1000))).toBe(false);
  expect(heldForAnother(claim, 1 as never, new Date(0))).toBe(false);
  expect(payoutKeyOf({ code: { batch: 1, layer: 2, serial: 3 }, slot: 0 })).toBe('1:2:3:0');
});
