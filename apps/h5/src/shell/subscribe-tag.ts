/** WeChat draws its tag apart from the page: neither our sheets nor our tokens reach it, so its few values stand here. */
const STYLE = `<style>
.ask{height:32px;padding:0 12px;border:1px solid #c5362e;border-radius:6px;background:transparent;color:#b52f28;font-size:14px;line-height:30px}
@media (prefers-color-scheme:dark){.ask{border-color:#e08379;color:#f2c4bd}}
</style>`;
const BUTTON = '<button class="ask">到账前提醒我</button>';

/**
 * WeChat's own button for one 订阅通知 (`wx-open-subscribe`): a page may not ask by script in the H5 of a service account. Needs
 * `configureWechat` before it is put into the page. `answered` gets the event's detail, `failed` when WeChat could not ask.
 */
export function subscribeTag(templateId: string, answered: (detail: unknown) => void, failed: () => void): HTMLElement {
  const tag = document.createElement('wx-open-subscribe');
  tag.setAttribute('template', templateId);
  tag.append(held(STYLE, 'style'), held(BUTTON));
  tag.addEventListener('success', (event) => answered((event as CustomEvent<unknown>).detail));
  tag.addEventListener('error', failed);
  return tag;
}

/** A script of no kind that runs: it only holds text for the tag. */
function held(text: string, slot?: string): HTMLScriptElement {
  const script = document.createElement('script');
  script.type = 'text/wxtag-template';
  if (slot !== undefined) script.slot = slot;
  script.textContent = text;
  return script;
}
