import { pictureUrl } from '@app/pictures';
import type { CampaignContent, CopyLine, Theme } from '../campaign-content';
import { accentShades, type Shades } from './accent-shades';

/** How a phone page looks while it shows a campaign. Verdicts keep colours of their own. */
export interface CampaignLook {
  readonly theme: Theme;
  /** In place of the theme's accent. */
  readonly accent: { readonly light: Shades; readonly dark: Shades } | null;
  /** Paths on our own host. */
  readonly heroUrl: string | null;
  readonly logoUrl: string | null;
  /** null = the page's own words. */
  readonly words: { readonly [line in CopyLine]: string | null };
}

export interface LookParts extends Pick<CampaignContent, 'look'> {
  readonly copy: Pick<CampaignContent['copy'], CopyLine>;
}

/** Null: as the brand looks, in the page's own words. */
export function campaignLook({ look, copy }: LookParts): CampaignLook | null {
  const { invite = null, win = null, thanks = null, notice = null } = copy;
  const words = { invite, win, thanks, notice };
  const { theme, accent, hero, logo } = look ?? BRAND;
  const plain = theme === BRAND.theme && [accent, hero, logo, ...Object.values(words)].every((part) => part === null);
  if (plain) return null;
  return {
    theme,
    accent: accent === null ? null : accentShades(accent),
    heroUrl: hero === null ? null : pictureUrl(hero),
    logoUrl: logo === null ? null : pictureUrl(logo),
    words,
  };
}

const BRAND = { theme: 'cinnabar', accent: null, hero: null, logo: null } as const;
