import type { CampaignContent, LookDocument } from '../campaign-content';
import { error, info, warning, type Finding } from '../finding';
import { contrast, distance, SURFACES, TEXT_CONTRAST } from '../look/colour';
import { HOUSE } from '../sources';
import type { Surroundings } from '../surroundings';

/** Nearer than this the accent reads as the seal of 正品. */
const LIKE_THE_VERDICT = 48;
/** A phone's page is up to 480 wide, two device pixels each and more. */
const HERO = { width: 750, flattest: 4, tallest: 2 } as const;
const LOGO_HEIGHT = 56;

/** Can everybody read what stands in the campaign's own colour? */
export function lintLook({ look }: CampaignContent): Finding[] {
  return look === undefined || look.accent === null ? [] : lintAccent(look.accent);
}

function lintAccent(accent: string): Finding[] {
  const path = 'look.accent';
  const onWhite = contrast(accent, SURFACES.white);
  const ratio = (value: number): string => `${(Math.floor(value * 100) / 100).toFixed(2)}:1`;
  if (onWhite < TEXT_CONTRAST) {
    const message = `白字写在这个主色上，对比度只有 ${ratio(onWhite)}，至少要 4.5:1，请选深一点的颜色`;
    return [error(path, 'accent_contrast', message, HOUSE.look)];
  }
  const findings: Finding[] = [];
  const onPaper = contrast(accent, SURFACES.paper);
  if (onPaper < TEXT_CONTRAST) {
    const message =
      `主色上的白字对比度 ${ratio(onWhite)}，看得清；纸色上的主色文字只有 ${ratio(onPaper)}，不到 4.5:1，` +
      '作文字时会自动加深，按钮和红包不变';
    findings.push(info(path, 'accent_text_darkened', message, HOUSE.look));
  } else {
    const message = `主色上的白字对比度 ${ratio(onWhite)}，纸色上的主色文字 ${ratio(onPaper)}，都看得清（至少 4.5:1）`;
    findings.push(info(path, 'accent_readable', message, HOUSE.look));
  }
  if (distance(accent, SURFACES.verdict) < LIKE_THE_VERDICT) {
    const message = '主色和「正品」印章的绿色太接近，奖励会被看成验真的结果；请换一个颜色';
    findings.push(warning(path, 'accent_like_verdict', message, HOUSE.look));
  }
  return findings;
}

/** Are the pictures there, and fit for their places? */
export function lintPictures({ look }: CampaignContent, pictures: Surroundings['pictures']): Finding[] {
  if (look === undefined) return [];
  return [...lintPicture(look, 'hero', pictures), ...lintPicture(look, 'logo', pictures)];
}

function lintPicture(look: LookDocument, part: 'hero' | 'logo', pictures: Surroundings['pictures']): Finding[] {
  const hash = look[part];
  if (hash === null) return [];
  const path = `look.${part}`;
  const size = pictures.get(hash);
  if (!size) return [error(path, 'unknown_picture', '这张图片没有传上来，请重新上传', HOUSE.look)];
  const { width, height } = size;
  if (part === 'logo') {
    if (height >= LOGO_HEIGHT) return [];
    return [
      warning(path, 'picture_small', `标志只有 ${height} 像素高，手机上会发虚；请至少 ${LOGO_HEIGHT} 像素`, HOUSE.look),
    ];
  }
  if (width < HERO.width) {
    const message = `主视觉只有 ${width} 像素宽，手机上会发虚；请至少 ${HERO.width} 像素`;
    return [warning(path, 'picture_small', message, HOUSE.look)];
  }
  if (width <= height * HERO.flattest && width >= height * HERO.tallest) return [];
  const message = `主视觉按 3:1 显示，这张是 ${width}×${height}，左右或上下会被裁掉`;
  return [warning(path, 'hero_cropped', message, HOUSE.look)];
}
