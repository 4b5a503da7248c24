import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { aptInstall, findBinary, machineFacts } from '../../libs/servers/src/index.mjs';
import { PlainError } from './stopping.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC_APPS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
const PACKAGES = ['chromium', 'fonts-noto-cjk'];

const find = (env) =>
  (env.CHROMIUM_PATH && existsSync(env.CHROMIUM_PATH) && env.CHROMIUM_PATH) ||
  findBinary(NAMES, { env }) ||
  MAC_APPS.find((path) => existsSync(path)) ||
  null;

const hasChineseFont = () => {
  const answer = spawnSync('fc-list', [':lang=zh-cn', 'family'], { encoding: 'utf8' });
  return answer.error ? true : answer.stdout.trim() !== '';
};

/** What is missing for the browser tests and whether we may install it. Pure. */
export function browserPlan({ found, chineseFont, facts }) {
  const missing = [!found && PACKAGES[0], (!found || !chineseFont) && PACKAGES[1]].filter(Boolean);
  if (missing.length === 0) return { kind: 'ready' };
  if (facts.platform === 'linux' && facts.hasApt && (facts.isRoot || facts.hasSudo))
    return { kind: 'install', missing };
  if (found) return { kind: 'ready' };
  const how =
    facts.platform === 'darwin'
      ? 'brew install --cask chromium'
      : `sudo apt-get install -y --no-install-recommends ${PACKAGES.join(' ')}`;
  return {
    kind: 'explain',
    message: `The browser tests need Chromium and a Chinese font. Install them:\n  ${how}\nor leave these tests out:\n  npm test -- --no-browser`,
  };
}

/**
 * Path of a Chromium, installed where we may.
 *
 * @throws {PlainError} naming the apt line
 */
export async function ensureChromium({ env = process.env, say = console.log } = {}) {
  const facts = machineFacts();
  const plan = browserPlan({ found: find(env), chineseFont: hasChineseFont(), facts });
  if (plan.kind === 'explain') throw new PlainError(plan.message);
  if (plan.kind === 'install') await aptInstall(plan.missing, { sudo: !facts.isRoot, say });
  const path = find(env);
  if (!path) throw new PlainError('Chromium was installed but cannot be found; set CHROMIUM_PATH.');
  return path;
}
