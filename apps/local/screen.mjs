/** What the launcher says to people. */

/** Prints where to go, with a QR code for the phone beside the screen. */
export async function showWelcome(system, tookMs, print = console.log) {
  const { urls, demo, env } = system;
  const { default: qrcode } = await import('qrcode');
  const link = `${urls.home}/demo/${demo.demoCode}`;
  const qr = await qrcode.toString(link, { type: 'terminal', small: true, errorCorrectionLevel: 'L' });
  const rows = [
    ['Tour 导览（从这里开始）', `${urls.home}/tour`],
    ['Phone page 手机页面', link],
    ['Console 控制台', `${urls.home}/console/`],
    ['QR sheet 打印码样张', demo.qrSheetPath],
    ['API docs 接口文档', urls.docs],
    ['WeChat stand-in 微信沙箱', `${urls.sandboxOpen} (admin ${urls.sandboxAdmin})`],
    ['Metrics 指标', `${urls.apiInternal}/metrics  ${urls.workerInternal}/metrics`],
    ...demo.logins.map(({ login, password, role }) => [`Login ${role}`, `${login} / ${password}`]),
    ['Data 数据', `${system.dataDir} (logs in logs/, secrets in secrets.json: keep a copy)`],
  ];
  print(`\nYima 一码 is ready 已就绪 (${(tookMs / 1000).toFixed(1)} s)\n`);
  for (const [label, value] of rows) print(`  ${padded(label, 26)}${value}`);
  print(`\n  On a phone in the same network 手机扫码体验 (${new URL(env.PUBLIC_URL).host}):\n`);
  print(qr.trimEnd().replace(/^/gm, '  '));
  print('');
  print('  Ctrl-C stops everything 停止全部服务\n');
}

/** Says when a child died, and when it is given up. */
export function showDeath(event, print = console.error) {
  const end = event.signal ?? `code ${event.code}`;
  if (event.kind === 'died') {
    print(`  ${event.name} ended (${end}); starting it again in ${event.delayMs} ms 自动重启`);
  }
  if (event.kind === 'gave-up') {
    print(`\n  ${event.name} ended again and again (${end}) and is given up. The end of its log:\n${event.log}\n`);
  }
}

/** Pads by columns on screen: Chinese characters take two. */
function padded(text, width) {
  const columns = [...text].reduce((sum, character) => sum + (character.codePointAt(0) > 0x2e80 ? 2 : 1), 0);
  return text + ' '.repeat(Math.max(1, width - columns));
}
