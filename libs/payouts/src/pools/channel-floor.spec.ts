import { mayPayAtAward, payoutFloorFen } from './channel-floor';

const account = {
  enabled: true,
  channels: ['transfer_confirm_v3'],
  redpackScene: null,
} as const;
const packets = { ...account, channels: ['redpack_v2'] } as const;

it('is the highest floor of the accounts that may pay', () => {
  expect(payoutFloorFen([account])).toBe(10);
  expect(payoutFloorFen([account, packets])).toBe(100);
  expect(payoutFloorFen([account, { ...packets, enabled: false }])).toBe(10);
  expect(payoutFloorFen([{ ...packets, redpackScene: 'PRODUCT_2' }])).toBe(10);
  expect(payoutFloorFen([])).toBe(1);
});

it('pays at award by red packet, or where people may agree to be paid silently', () => {
  expect(mayPayAtAward([account])).toBe(false);
  expect(mayPayAtAward([{ ...account, channels: ['transfer_confirm_v3', 'transfer_authorized_v3'] }])).toBe(true);
  expect(mayPayAtAward([account, packets])).toBe(true);
  expect(mayPayAtAward([{ ...packets, enabled: false }])).toBe(false);
});
