import type { LookDocument, Theme } from '../campaign-content';
import { changed, same, type Change } from './change';

const THEME_NAMES: Readonly<Record<Theme, string>> = { cinnabar: '朱砂', leaf: '青叶' };
const BRAND: LookDocument = { theme: 'cinnabar', accent: null, hero: null, logo: null };

/** Colours and the logo promise nothing; what is painted or written in the hero cannot be told. */
export function compareLook(before: LookDocument = BRAND, after: LookDocument = BRAND): Change[] {
  const changes: Change[] = [];
  if (before.theme !== after.theme) {
    const sentence = `外观主题从「${THEME_NAMES[before.theme]}」改为「${THEME_NAMES[after.theme]}」`;
    changes.push(changed('look.theme', before.theme, after.theme, sentence, 'neutral'));
  }
  if (!same(before.accent, after.accent)) {
    const say = (accent: string | null): string => accent ?? '主题自带';
    const sentence = `主色从 ${say(before.accent)} 改为 ${say(after.accent)}`;
    changes.push(changed('look.accent', before.accent, after.accent, sentence, 'neutral'));
  }
  if (!same(before.hero, after.hero)) {
    const sentence = picture('主视觉图片', before.hero, after.hero);
    changes.push(changed('look.hero', before.hero, after.hero, sentence, 'worse'));
  }
  if (!same(before.logo, after.logo)) {
    const sentence = picture('标志', before.logo, after.logo);
    changes.push(changed('look.logo', before.logo, after.logo, sentence, 'neutral'));
  }
  return changes;
}

function picture(label: string, before: string | null, after: string | null): string {
  if (before === null) return `加了${label}`;
  return after === null ? `去掉了${label}` : `换了${label}`;
}
