import { afterAct, checkedText, COMPLAINT_STATES } from './complaint-state';

it('a reply answers, a word of the member opens again, and what is closed stays closed', () => {
  expect(afterAct('open', 'reply')).toBe('answered');
  expect(afterAct('answered', 'reply')).toBe('answered');
  expect(afterAct('answered', 'write')).toBe('open');
  for (const state of COMPLAINT_STATES.filter((one) => one !== 'closed'))
    expect(afterAct(state, 'close')).toBe('closed');
  for (const act of ['reply', 'write', 'close'] as const) expect(() => afterAct('closed', act)).toThrow('已经办结');
});

it('text keeps its lines and loses its edges; too short, too long and invisible are refused', () => {
  expect(checkedText('  红包没到\r\n已经三天了 ')).toBe('红包没到\n已经三天了');
  for (const bad of ['短', '长'.repeat(501), `零宽\u200B字符在里面`, `控制\u0007字符`]) {
    expect(() => checkedText(bad)).toThrow('5 到 500');
  }
});
