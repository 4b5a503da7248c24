/** The tokens as numbers for canvases, which cannot read CSS variables by themselves. One hue for quantity, celadon to compare. */
const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export const colours = {
  get ink() {
    return token('--ink');
  },
  get ink2() {
    return token('--ink-2');
  },
  get line() {
    return token('--line');
  },
  get card() {
    return token('--card');
  },
  get paper() {
    return token('--paper');
  },
  get gold() {
    return token('--gold');
  },
  get quantity() {
    return token('--cinnabar');
  },
  get compared() {
    return token('--celadon');
  },
  /** From wash to deep, for quantiles of one quantity. */
  get steps() {
    return ['--cinnabar-wash', '--step-2', '--step-3', '--cinnabar', '--cinnabar-deep'].map(token);
  },
  /** Of the big screen. */
  get wall() {
    return {
      steps: ['--wall-step-1', '--wall-step-2', '--wall-step-3', '--wall-step-4', '--gold'].map(token),
      ...{ land: token('--wall-land'), line: token('--wall-border'), text: token('--wall-text') },
      ...{ card: token('--wall-card'), pulse: token('--gold-pale'), hint: token('--wall-hint') },
    };
  },
};
