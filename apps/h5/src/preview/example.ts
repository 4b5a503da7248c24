import type { CampaignLook, PrizeKind, ScanAnswer, Shades } from '../shell/wire';

/** What the campaign builder shows: the prize that waits, the prize that was won, 谢谢参与. */
export type Scene = 'closed' | 'won' | 'thanks';
const SCENES: readonly unknown[] = ['closed', 'won', 'thanks'];
/** A phone in the light scheme or in the dark one. */
export type Hour = 'day' | 'night';
const KINDS: readonly unknown[] = ['cash', 'locked', 'coupon', 'goods', 'redeem', 'nothing'];

export interface Example {
  scene: Scene;
  hour: Hour;
  look: CampaignLook | null;
  title: string;
  prize: { kind: PrizeKind; name: string; amountFen: number | null };
}

const PICTURE = /^\/pictures\/[0-9a-f]{64}$/;
const COLOUR = /^#[0-9a-f]{6}$/;
const SHADES: readonly (keyof Shades)[] = ['base', 'deep', 'night', 'bright', 'wash', 'text'];
const MOST_CHARACTERS = 60;

/** Reads a message of the builder, part by part; null for anything else. */
export function readExample(message: unknown): Example | null {
  if (!isRecord(message) || message['kind'] !== 'yima.preview' || !SCENES.includes(message['scene'])) return null;
  const { scene, title, prize, look } = message;
  if (!isRecord(prize) || !KINDS.includes(prize['kind'])) return null;
  const amountFen = Number.isSafeInteger(prize['amountFen']) ? Number(prize['amountFen']) : null;
  return {
    scene: scene as Scene,
    hour: message['hour'] === 'night' ? 'night' : 'day',
    title: textOf(title) ?? '',
    prize: { kind: prize['kind'] as PrizeKind, name: textOf(prize['name']) ?? '', amountFen },
    look: lookOf(look),
  };
}

function lookOf(look: unknown): CampaignLook | null {
  if (!isRecord(look)) return null;
  const words = isRecord(look['words']) ? look['words'] : {};
  return {
    theme: textOf(look['theme']) ?? '',
    accent: accentOf(look['accent']),
    heroUrl: pictureOf(look['heroUrl']),
    logoUrl: pictureOf(look['logoUrl']),
    words: {
      invite: textOf(words['invite']),
      win: textOf(words['win']),
      thanks: textOf(words['thanks']),
      notice: textOf(words['notice']),
    },
  };
}

function accentOf(accent: unknown): CampaignLook['accent'] {
  if (!isRecord(accent) || !isShades(accent['light']) || !isShades(accent['dark'])) return null;
  return { light: accent['light'], dark: accent['dark'] };
}

function isShades(value: unknown): value is Shades {
  return isRecord(value) && SHADES.every((shade) => COLOUR.test(String(value[shade])));
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const textOf = (value: unknown): string | null => (typeof value === 'string' ? value.slice(0, MOST_CHARACTERS) : null);
const pictureOf = (value: unknown): string | null => (typeof value === 'string' && PICTURE.test(value) ? value : null);

/** A genuine first query of a bottle that there is not, won at this moment. */
export const exampleAnswer: ScanAnswer = {
  scanId: 'preview',
  code: 'K-0000-0000-0000-0000',
  verdict: 'first',
  repeat: null,
  product: { name: '示例产品', spec: '500 ml', imageUrl: null, line: '', batchName: '示例批次', lot: null },
  reward: null,
  opened: [],
  refusal: null,
  scannedAt: new Date().toISOString(),
  look: null,
};

/** The one thing to do next, by kind of prize. */
export const NEXT_STEP: Record<PrizeKind, string> = {
  cash: '收款',
  locked: '再扫一瓶就打开',
  coupon: '查看券码',
  goods: '填写收货地址',
  redeem: '出示兑换码',
  nothing: '',
};
