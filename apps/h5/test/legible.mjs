// Runs inside the page: which words cannot be read, are cut off or lie on each other. Pictures and the envelope's artwork are looked at by eye.

/** Every fault as a sentence. `page.evaluate(illegible)`; needs nothing from outside itself. */
export function illegible() {
  const NONE = [0, 0, 0, 0];
  const rgba = (text) => {
    const found = /rgba?\(([^)]+)\)/
      .exec(text)?.[1]
      ?.split(/[\s,/]+/)
      .map(Number);
    return found === undefined ? NONE : [found[0], found[1], found[2], found[3] ?? 1];
  };
  const over = ([r, g, b, a], ground) => [r, g, b].map((channel, at) => channel * a + ground[at] * (1 - a)).concat(1);
  const linear = (channel) =>
    channel / 255 <= 0.03928 ? channel / 255 / 12.92 : ((channel / 255 + 0.055) / 1.055) ** 2.4;
  const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const contrast = (one, other) => {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  /** All colours that may stand behind an element: of a gradient each of its stops. */
  const groundsOf = (element) => {
    if (element === null) return [rgba(getComputedStyle(document.body).backgroundColor)];
    const { backgroundColor, backgroundImage } = getComputedStyle(element);
    const stops = (backgroundImage.match(/rgba?\([^)]+\)/g) ?? []).map(rgba).filter(([, , , a]) => a > 0);
    const own = stops.length > 0 ? stops : [rgba(backgroundColor)];
    if (own.every(([, , , a]) => a === 1)) return own;
    return groundsOf(element.parentElement).flatMap((ground) => own.map((colour) => over(colour, ground)));
  };
  const opacityOf = (element) =>
    element === null ? 1 : Number(getComputedStyle(element).opacity) * opacityOf(element.parentElement);
  const skipped = '.envelope, .visually-hidden, svg, [disabled], .van-button--disabled, .van-button--loading, option';

  const faults = [];
  const places = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    const words = node.textContent.trim();
    if (words === '' || element.closest(skipped) !== null) continue;
    if (!element.checkVisibility({ visibilityProperty: true })) continue; // a shut <details>, too
    const opacity = opacityOf(element);
    const range = document.createRange();
    range.selectNodeContents(node);
    const rects = [...range.getClientRects()].filter(({ width, height }) => width > 1 && height > 1);
    if (rects.length === 0 || opacity < 0.1) continue;
    const style = getComputedStyle(element);
    const [size, weight] = [parseFloat(style.fontSize), Number(style.fontWeight)];
    const needed = size >= 24 || (size >= 18.6 && weight >= 700) ? 3 : 4.5;
    const [r, g, b, a] = rgba(style.color);
    const ratios = groundsOf(element).map((ground) => contrast(over([r, g, b, a * opacity], ground), ground));
    const ratio = Math.min(...ratios);
    if (ratio < needed) faults.push(`「${words.slice(0, 12)}」${ratio.toFixed(2)}:1`);
    if (element.scrollWidth > element.clientWidth + 1 && style.overflowX === 'hidden')
      faults.push(`「${words.slice(0, 12)}」被截断`);
    if (rects.some(({ left, right }) => left < -1 || right > innerWidth + 1))
      faults.push(`「${words.slice(0, 12)}」出了屏幕`);
    places.push({ words, rects, bar: element.closest('.bar') });
  }
  for (const [at, one] of places.entries()) {
    for (const other of places.slice(at + 1)) {
      // What lies behind the bar is scrolled away from it.
      if (one.bar !== other.bar) continue;
      const lies = one.rects.some((a) =>
        other.rects.some((b) => {
          const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
          const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
          return width > 2 && height > 6;
        }),
      );
      if (lies) faults.push(`「${one.words.slice(0, 8)}」压着「${other.words.slice(0, 8)}」`);
    }
  }
  return faults;
}
