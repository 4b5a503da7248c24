import { onUnmounted, shallowRef, watchEffect, type ShallowRef } from 'vue';
import type { CampaignLook, Shades } from './wire';

const worn = shallowRef<CampaignLook | null>(null);
/** What the page wears now; null = the brand's own. */
export const look: Readonly<ShallowRef<CampaignLook | null>> = worn;

const SHADES: readonly (keyof Shades)[] = ['base', 'deep', 'night', 'bright', 'wash', 'text'];
/** The page whose look is worn: the last one that asked. */
let wearer: symbol | null = null;

/**
 * While the component is there the page wears this look: colours by the tokens' own variables before the next picture is drawn, so
 * nothing flashes; hero, logo and words by `look`. Leaving takes it off.
 */
export function useLook(of: () => CampaignLook | null): void {
  const me = Symbol('page');
  watchEffect(() => {
    wearer = me;
    wear(of());
  });
  onUnmounted(() => {
    if (wearer === me) wear(null);
  });
}

function wear(now: CampaignLook | null): void {
  worn.value = now;
  const { dataset, style } = document.documentElement;
  // A theme without rules in the tokens changes nothing.
  if (now === null) delete dataset['theme'];
  else dataset['theme'] = now.theme;
  if (now === null || now.accent === null) {
    delete dataset['accent'];
    return;
  }
  dataset['accent'] = 'own';
  // By the object model: the content policy lets no style attribute through.
  for (const scheme of ['light', 'dark'] as const) {
    for (const shade of SHADES) style.setProperty(`--own-${scheme}-${shade}`, now.accent[scheme][shade]);
  }
}
