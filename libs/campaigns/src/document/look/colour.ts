/** A colour of the screen: red, green, blue, 0 … 255 each. */
type Rgb = readonly [number, number, number];

/** `#RRGGBB`, any case. */
export type Hex = string;

/** The surfaces of the phone page, as `libs/brand/src/tokens.css` has them. */
export const SURFACES = {
  white: '#ffffff',
  paper: '#faf8f5',
  darkPaper: '#17181b',
  darkCard: '#212327',
  verdict: '#2f8f7b',
} as const;

/** What text needs to be read by everybody (WCAG 2.1, AA). */
export const TEXT_CONTRAST = 4.5;

const rgbOf = (hex: Hex): Rgb => {
  const number = Number.parseInt(hex.slice(1), 16);
  return [number >> 16, (number >> 8) & 0xff, number & 0xff];
};

/** Contrast of two colours by WCAG 2.1, 1 … 21, the order does not matter. */
export function contrast(one: Hex, other: Hex): number {
  const [light = 0, dark = 0] = [luminance(rgbOf(one)), luminance(rgbOf(other))].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance([red, green, blue]: Rgb): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function linear(channel: number): number {
  const part = channel / 255;
  return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}

/** `share` of the other colour, 0 … 1, mixed in. Lower case. */
export function mix(colour: Hex, other: Hex, share: number): Hex {
  const [from, to] = [rgbOf(colour), rgbOf(other)];
  const channels = from.map((channel, index) => Math.round(channel + (to[index]! - channel) * share));
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

/** How far apart two colours are to the eye of a computer: 0 … 441. */
export function distance(one: Hex, other: Hex): number {
  const [a, b] = [rgbOf(one), rgbOf(other)];
  return Math.hypot(...a.map((channel, index) => channel - b[index]!));
}

/** The colour itself or the nearest mix with `towards` that keeps `least` against all of `grounds`. */
export function readable(colour: Hex, towards: Hex, grounds: readonly Hex[], least = TEXT_CONTRAST): Hex {
  for (let share = 0; share < 1; share += 0.04) {
    const candidate = mix(colour, towards, share);
    if (grounds.every((ground) => contrast(candidate, ground) >= least)) return candidate;
  }
  return towards;
}
