import fc from 'fast-check';
import type { CampaignContent, LookDocument } from '../campaign-content';
import { campaignTemplate } from '../campaign-template';
import { compareVersions } from '../compare-versions';
import { lintPictures } from '../linter/lint-look';
import { hashCampaign, validateCampaign } from '../validate-campaign';
import { accentShades } from './accent-shades';
import { campaignLook } from './campaign-look';
import { contrast, SURFACES, TEXT_CONTRAST } from './colour';
import { draftLook } from './draft-look';

const plain = campaignTemplate('夏日', 9);
const HERO = 'a'.repeat(64);
const dressed = (look: Partial<LookDocument>, copy: Partial<CampaignContent['copy']> = {}): CampaignContent => ({
  ...plain,
  copy: { ...plain.copy, ...copy },
  look: { theme: 'leaf', accent: null, hero: null, logo: null, ...look },
});
const findings = (content: unknown): string[] =>
  validateCampaign(content).findings.map(({ severity, path, code }) => `${severity} ${path} ${code}`);

it('a campaign without a look has the hash it had before there were looks', () => {
  expect(hashCampaign(plain)).toBe('eae396e1264bc7bf67fcecba1a7801f40e938f976648a9c67cdcdfa9493953ee');
  expect(hashCampaign({ ...plain, look: undefined })).toBe(hashCampaign(plain));
  expect(hashCampaign(dressed({}))).not.toBe(hashCampaign(plain));
  const { content } = validateCampaign(structuredClone(plain)) as { content: CampaignContent };
  expect(Object.keys(content)).not.toContain('look');
});

describe('refused', () => {
  it.each<[string, unknown, string[]]>([
    ['another theme', dressed({ theme: 'neon' as never }), ['error look.theme bad_option']],
    ['a colour by name', dressed({ accent: 'red' }), ['error look.accent bad_format']],
    ['a colour with something behind it', dressed({ accent: '#C5362E;x' }), ['error look.accent bad_format']],
    ['a picture from elsewhere', dressed({ hero: 'https://x.example/a.svg' }), ['error look.hero bad_format']],
    ['a part too many', { ...plain, look: { ...dressed({}).look, css: 'x' } }, ['error look unknown_key']],
    ['a line too long', dressed({}, { win: '一'.repeat(11) }), ['error copy.win out_of_range']],
    ['two lines', dressed({}, { notice: '限安徽\n送完为止' }), ['error copy.notice bad_format']],
    ['an empty line', dressed({}, { invite: ' ' }), ['error copy.invite out_of_range']],
    ['a pale accent', dressed({ accent: '#E3B35B' }), ['error look.accent accent_contrast']],
  ])('%s', (_what, content, told) => expect(findings(content)).toEqual(told));
});

it('says how well the accent can be read, by its measured contrast', () => {
  const said = (accent: string) => validateCampaign(dressed({ accent })).findings.map(({ message }) => message);
  expect(said('#E3B35B')).toEqual(['白字写在这个主色上，对比度只有 1.93:1，至少要 4.5:1，请选深一点的颜色']);
  expect(said('#C5362E')[0]).toContain('白字对比度 5.32:1');
  expect(findings(dressed({ accent: '#1F5FA8' }))).toEqual(['info look.accent accent_readable']);
  expect(findings(dressed({ accent: '#757575' }))).toEqual(['info look.accent accent_text_darkened']);
  expect(findings(dressed({ accent: '#23705F' }))).toContain('warning look.accent accent_like_verdict');
});

it('the lines beside the prize promise no more than the campaign proves', () => {
  expect(findings(dressed({}, { invite: '人人有奖' }))).toEqual(['warning copy.invite promise_undeclared']);
  expect(findings(dressed({}, { thanks: '分享给好友再抽一次' }))).toEqual(['warning copy.thanks inducing_words']);
});

it('any accent that passes can be read wherever its shades are worn, by day and by night', () => {
  const hex = fc.integer({ min: 0, max: 0xffffff }).map((number) => `#${number.toString(16).padStart(6, '0')}`);
  fc.assert(
    fc.property(hex, (accent) => {
      fc.pre(contrast(accent, SURFACES.white) >= TEXT_CONTRAST);
      const { light, dark } = accentShades(accent);
      expect(light.base).toBe(accent);
      for (const ground of [SURFACES.paper, SURFACES.white, light.wash]) {
        expect(contrast(light.text, ground)).toBeGreaterThanOrEqual(TEXT_CONTRAST);
      }
      for (const ground of [SURFACES.darkPaper, SURFACES.darkCard, dark.wash]) {
        expect(contrast(dark.text, ground)).toBeGreaterThanOrEqual(TEXT_CONTRAST);
      }
      expect(contrast(dark.base, SURFACES.white)).toBeGreaterThanOrEqual(TEXT_CONTRAST);
      // The large gold figure on the card of the envelope.
      for (const { deep, night } of [light, dark]) {
        for (const ground of [deep, night]) expect(contrast('#e3b35b', ground)).toBeGreaterThanOrEqual(3);
      }
    }),
    { numRuns: 400 },
  );
});

it('what the phone gets is the look with the lines, or nothing', () => {
  expect(campaignLook(plain)).toBeNull();
  expect(campaignLook(dressed({ theme: 'cinnabar' }))).toBeNull();
  expect(campaignLook(dressed({ hero: HERO }, { win: '好运来' }))).toEqual({
    ...{ theme: 'leaf', accent: null, heroUrl: `/pictures/${HERO}`, logoUrl: null },
    words: { invite: null, win: '好运来', thanks: null, notice: null },
  });
  expect(campaignLook({ copy: { ...plain.copy, notice: '限安徽' } })?.theme).toBe('cinnabar');
});

it('an author sees the look of a draft that is faulty elsewhere, or whose colour is refused', () => {
  expect(draftLook({ ...dressed({ accent: '#E3B35B' }), rules: 7 })?.accent?.light.base).toBe('#e3b35b');
  expect(draftLook({ look: { theme: 'neon' }, copy: { invite: '有奖' } })?.words.invite).toBe('有奖');
  for (const odd of [null, 'x', [], { look: { toString: () => '' } }]) expect(draftLook(odd)).toBeNull();
});

it('says of pictures that they are there, sharp and in shape', () => {
  const told = (look: Partial<LookDocument>, width: number, height: number) =>
    lintPictures(dressed(look), new Map([[HERO, { width, height }]])).map(
      ({ severity, code }) => `${severity} ${code}`,
    );
  expect(told({ hero: HERO }, 1125, 375)).toEqual([]);
  expect(told({ hero: HERO, logo: 'b'.repeat(64) }, 1125, 375)).toEqual(['error unknown_picture']);
  expect(told({ hero: HERO }, 700, 240)).toEqual(['warning picture_small']);
  expect(told({ hero: HERO }, 1000, 1000)).toEqual(['warning hero_cropped']);
  expect(told({ logo: HERO }, 55, 55)).toEqual(['warning picture_small']);
});

it('tells what changed; what is painted or promised cannot be told', () => {
  const changes = (before: CampaignContent, after: CampaignContent) =>
    compareVersions(before, after).map(({ favour, path, sentence }) => `${favour} ${path} ${sentence}`);
  expect(changes(plain, dressed({ theme: 'cinnabar' }))).toEqual([]);
  expect(changes(plain, dressed({ accent: '#1F5FA8', hero: HERO, logo: HERO }, { notice: '限安徽' }))).toEqual([
    'worse copy.notice 活动提示从「页面默认」改为「限安徽」',
    'neutral look.theme 外观主题从「朱砂」改为「青叶」',
    'neutral look.accent 主色从 主题自带 改为 #1F5FA8',
    'worse look.hero 加了主视觉图片',
    'neutral look.logo 加了标志',
  ]);
  expect(changes(dressed({ hero: HERO }), dressed({ hero: 'b'.repeat(64) }))).toEqual([
    'worse look.hero 换了主视觉图片',
  ]);
});
