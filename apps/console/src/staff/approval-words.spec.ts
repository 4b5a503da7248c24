import { placeOf, titleOf } from './approval-words';

const asked = {
  id: 3,
  amountFen: null,
  note: '',
  askedBy: { id: 1, name: '林' },
  askedAt: '',
  mine: false,
  mayDecide: true,
};

it('names what is asked for in words', () => {
  const roles = { ...asked, kind: 'roles', subject: '9', title: '何小满 · finance,service' } as const;
  expect(titleOf(roles)).toBe('何小满：财务、客服');
  const decision = { ...asked, kind: 'money-decision', subject: 'P-7', title: 'settle' } as const;
  expect(titleOf(decision)).toBe('认定已到账 · P-7');
  expect(titleOf({ ...asked, kind: 'grant', subject: '2', title: '夏季 · FY-1' })).toBe('夏季 · FY-1');
});

it('leads to where all of it can be read', () => {
  expect(placeOf({ ...asked, kind: 'campaign', subject: '12', title: '' })).toBe('/campaigns/12');
  expect(placeOf({ ...asked, kind: 'code-pack', subject: '4', title: '' })).toBe('/packs');
});
