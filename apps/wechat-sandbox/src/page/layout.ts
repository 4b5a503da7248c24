import type { SandboxUser } from '../world/event';
import { html, Html } from './html';

const STYLE = `
:root{--green:#07c160;--green-deep:#06ad56;--ink:rgba(0,0,0,.9);--ink-2:rgba(0,0,0,.55);--ink-3:rgba(0,0,0,.3);--line:rgba(0,0,0,.08);--bg:#ededed;--red:#fa5151;--packet:#f25542}
*{box-sizing:border-box;margin:0;-webkit-tap-highlight-color:transparent}
html{-webkit-text-size-adjust:100%}
body{font:16px/1.5 "PingFang SC","Noto Sans SC","Noto Sans CJK SC",sans-serif;color:var(--ink);background:var(--bg);min-height:100vh;min-height:100dvh;display:flex;flex-direction:column;font-variant-numeric:tabular-nums}
body.white{background:#fff}
a{color:inherit;text-decoration:none}
main{flex:1;width:100%;max-width:480px;margin:0 auto;display:flex;flex-direction:column}
footer{padding:16px 0 20px;text-align:center;font-size:12px;color:var(--ink-3);letter-spacing:.02em}
header .label{display:block;font-size:12px;line-height:16px;color:var(--ink-3);margin-bottom:8px}
h1{font-size:20px;line-height:28px;font-weight:600}
.hint{font-size:14px;line-height:20px;color:var(--ink-2)}
.group{background:#fff;border-top:1px solid var(--line);border-bottom:1px solid var(--line)}
.row{display:flex;align-items:center;gap:12px;min-height:64px;padding:12px 16px;position:relative}
.row+.row::before{content:"";position:absolute;left:72px;right:0;top:0;border-top:1px solid var(--line)}
.row:active{background:#f2f2f2}
.row .grow{flex:1;min-width:0}
.row .name{font-size:16px;line-height:24px;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.row .sub{font-size:13px;line-height:18px;color:var(--ink-2)}
.row .arrow{width:8px;height:8px;border-top:2px solid var(--ink-3);border-right:2px solid var(--ink-3);transform:rotate(45deg);flex:none}
.avatar{width:44px;height:44px;border-radius:6px;flex:none;display:block}
.avatar.large{width:64px;height:64px;border-radius:8px}
.tag{display:inline-block;font-size:11px;line-height:16px;padding:0 5px;border-radius:3px;background:#f0f0f0;color:var(--ink-2);margin-left:6px;vertical-align:2px}
.button{display:block;width:184px;height:48px;margin:0 auto;border:0;border-radius:8px;font:inherit;font-weight:600;font-size:17px;line-height:48px;text-align:center;background:var(--green);color:#fff;padding:0;cursor:pointer}
.button:active{background:var(--green-deep)}
.button.plain{background:#f2f2f2;color:#06ae56}
.button.plain:active{background:#e6e6e6}
.button[disabled]{opacity:.5}
.button+.button{margin-top:16px}
.push{flex:1}
.facts{margin:0 24px;border-top:1px solid var(--line)}
.facts div{display:flex;justify-content:space-between;gap:24px;padding:12px 0;font-size:14px;line-height:20px}
.facts dt{color:var(--ink-2);flex:none}
.facts dd{margin:0;text-align:right;word-break:break-all}
.amount{font-size:48px;line-height:56px;font-weight:600;letter-spacing:-.01em}
.amount small{font-size:30px;font-weight:600;margin-right:4px}
`;

/** A whole phone page. The small line at the foot says that this is a stand-in. */
export function page(title: string, content: Html, { white = false, script = '' } = {}): string {
  const document = html`<!doctype html>
    <html lang="zh-CN">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover" />
        <meta name="referrer" content="no-referrer" />
        <title>${title}</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body class="${white ? 'white' : ''}">
        <main>${content}</main>
        <footer>微信沙盒 · 非真实微信，不涉及真实资金</footer>
        ${
          script === ''
            ? undefined
            : html`<script>
                ${new Html(script)};
              </script>`
        }
      </body>
    </html>`;
  return document.text;
}

const COLOURS = ['#5b8ff9', '#f6903d', '#5ad8a6', '#e8684a', '#9270ca', '#269a99', '#d9827f', '#6dc8ec'];

/** A square with the first character of the name: the fake users have no photographs. */
export function avatarSvg(user: Pick<SandboxUser, 'id' | 'nickname'>): string {
  let sum = 0;
  for (const char of user.id) sum = (sum * 31 + char.charCodeAt(0)) >>> 0;
  const colour = COLOURS[sum % COLOURS.length] ?? '#5b8ff9';
  const letter = html`${[...user.nickname][0] ?? '?'}`.text;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 88 88"><rect width="88" height="88" fill="${colour}"/>` +
    `<text x="44" y="58" font-size="40" text-anchor="middle" fill="#fff" font-family="PingFang SC,Noto Sans CJK SC,sans-serif">${letter}</text></svg>`
  );
}

export function avatar(user: Pick<SandboxUser, 'id' | 'nickname'>, large = false): Html {
  const source = `data:image/svg+xml;utf8,${encodeURIComponent(avatarSvg(user))}`;
  return html`<img class="avatar ${large ? 'large' : ''}" alt="" src="${source}" />`;
}

/** A list of people to be; `hrefOf` says where a tap leads. */
export function people(users: readonly SandboxUser[], hrefOf: (user: SandboxUser) => string): Html {
  return html`<div class="group">
    ${users.map(
      (user) =>
        html`<a class="row" href="${hrefOf(user)}" data-user="${user.id}"
          >${avatar(user)}
          <span class="grow"
            ><span class="name"
              >${user.nickname}${user.snapshot === true ? html`<span class="tag">快照页</span>` : undefined}</span
            ><br />
            <span class="sub">${user.city}</span></span
          ><span class="arrow"></span
        ></a>`,
    )}
  </div>`;
}
