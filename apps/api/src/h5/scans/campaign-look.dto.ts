import { ApiProperty } from '@nestjs/swagger';
import { THEMES, type Theme } from '@app/campaigns';

/** Colours made of one accent, `#rrggbb`: as the page's tokens `--accent…` name them. */
export class ShadesDto {
  base: string;
  deep: string;
  night: string;
  bright: string;
  wash: string;
  text: string;
}

export class AccentDto {
  light: ShadesDto;
  dark: ShadesDto;
}

/** In place of the page's own words; null = those. */
export class LookWordsDto {
  invite: string | null;
  win: string | null;
  thanks: string | null;
  notice: string | null;
}

/** How the page looks while it shows a campaign, from the version that decided. Verdicts keep their colours. */
export class CampaignLookDto {
  @ApiProperty({ enum: THEMES })
  theme: Theme;
  /** In place of the theme's own accent. */
  accent: AccentDto | null;
  /** Paths on this host, for ever the same picture. */
  heroUrl: string | null;
  logoUrl: string | null;
  words: LookWordsDto;
}
