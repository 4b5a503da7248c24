import { countOf, findingsAt, findingsIn, inWords, sectionOf, type Finding } from './findings';

const finding = (path: string, more: Partial<Finding> = {}): Finding => ({
  ...{ path, code: 'wrong_type', severity: 'error', message: '这里要填数字', source: '一码规则' },
  ...more,
});

it('stands beside the field it names, and what is in a part belongs to the part', () => {
  const said = [finding('rules[1].when.all[0].value'), finding('rules[10].name'), finding('rules[1]')];
  expect(findingsAt(said, 'rules[1]')).toEqual([said[2]]);
  expect(findingsIn(said, 'rules[1]').map(({ path }) => path)).toEqual(['rules[1].when.all[0].value', 'rules[1]']);
  expect(countOf(said, 'error')).toBe(3);
});

it('tells what must be changed before what may be', () => {
  const said = [
    finding('caps', { severity: 'info' }),
    finding('caps', { severity: 'error' }),
    finding('caps', { severity: 'warning' }),
  ];
  expect(findingsAt(said, 'caps').map(({ severity }) => severity)).toEqual(['error', 'warning', 'info']);
});

it('belongs to one section of the builder, whatever part it names', () => {
  expect(
    ['prizes[3].stock', 'rules', 'legal.contact', 'burst.fence[0]', 'gates[0]', 'period.to', '', 'what'].map(sectionOf),
  ).toEqual([...['prizes', 'rules', 'words', 'limits', 'claim', 'basics', 'basics', 'basics']]);
});

it('says that something is missing where nothing was filled in, and leaves every other word as it is', () => {
  const document = { rules: [{ when: { all: [{ value: null }, { value: 'x' }, { value: [] }] } }] };
  const paths = [0, 1, 2].map((at) => `rules[0].when.all[${at}].value`);
  const words = inWords(
    paths.map((path) => finding(path)),
    document,
  ).map(({ message }) => message);
  expect(words).toEqual(['这里还没有填', '这里要填数字', '这里还没有填']);
  const about = finding(paths[0]!, { message: '「所在地」：这里要填六位行政区划代码' });
  expect(inWords([about], document)[0]!.message).toBe('「所在地」：这里还没有填');
  expect(inWords([finding('caps', { code: 'cap_missing', severity: 'warning' })], document)[0]!.message).toBe(
    '这里要填数字',
  );
});
