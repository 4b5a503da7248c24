import { mix, readable, SURFACES, type Hex } from './colour';

/** What the page makes of one accent: the colours that the tokens call `--accent…`. Lower-case `#rrggbb`. */
export interface Shades {
  /** Under white words: the main button, the envelope. */
  readonly base: Hex;
  /** The envelope's back and the far end of its card. */
  readonly deep: Hex;
  readonly night: Hex;
  /** The lit flap. */
  readonly bright: Hex;
  /** Behind words in `text`. */
  readonly wash: Hex;
  /** The accent as words, readable on page, card and wash. */
  readonly text: Hex;
}

const [WHITE, BLACK] = ['#ffffff', '#000000'];
/** A button in the dark is told from the page. */
const SEEN_IN_THE_DARK = 2;

/** The shades of an accent by day and by night, so that a phone only has to wear them. */
export function accentShades(accent: Hex): { readonly light: Shades; readonly dark: Shades } {
  const wash = mix(accent, SURFACES.paper, 0.91);
  const darkWash = mix(accent, SURFACES.darkPaper, 0.82);
  const night = readable(accent, WHITE, [SURFACES.darkPaper], SEEN_IN_THE_DARK);
  return {
    light: { ...around(accent), wash, text: readable(accent, BLACK, [SURFACES.paper, WHITE, wash]) },
    dark: {
      ...around(night),
      wash: darkWash,
      text: readable(accent, WHITE, [SURFACES.darkPaper, SURFACES.darkCard, darkWash]),
    },
  };
}

function around(accent: Hex): Omit<Shades, 'wash' | 'text'> {
  return {
    base: mix(accent, BLACK, 0),
    deep: mix(accent, BLACK, 0.26),
    night: mix(accent, BLACK, 0.44),
    bright: mix(accent, WHITE, 0.09),
  };
}
