import { allowed, reminderWords } from './reminder-words';

const ID = 'tpl-1';
const told = (subscribeDetails: unknown, errMsg = 'subscribe:ok') => ({ errMsg, subscribeDetails });

it('takes only a clear 允许 for a consent', () => {
  const nested = (status: string) => JSON.stringify({ [ID]: JSON.stringify({ status }) });
  expect(allowed(told(nested('accept')), ID)).toBe(true);
  expect(allowed(told({ [ID]: { status: 'accept' } }), ID)).toBe(true);
  for (const detail of [
    told(nested('reject')),
    told(nested('accept'), 'subscribe:fail'),
    told(JSON.stringify({ another: JSON.stringify({ status: 'accept' }) })),
    ...[told('{'), told(null), told('"accept"'), {}, null, undefined, 'subscribe:ok'],
  ]) {
    expect(allowed(detail, ID)).toBe(false);
  }
});

it('offers a reminder while money waits for its owner, and not otherwise', () => {
  expect(reminderWords('ready')).toBe('现在不方便收款？在微信里提醒您一次，不会错过');
  expect(reminderWords('confirm')).toBe('还差确认收款的话，在微信里提醒您一次');
  for (const state of ['settled', 'lapsed', 'failed', 'held', 'none', 'gathering', 'locked'] as const) {
    expect(reminderWords(state)).toBeNull();
  }
});
