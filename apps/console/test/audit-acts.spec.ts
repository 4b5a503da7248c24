import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACTS, AREAS } from '../src/staff/audit-words';

const ROOT = join(__dirname, '../../..');
/** Acts whose names are put together, and what they come to. */
const PUT_TOGETHER: Readonly<Record<string, readonly string[]>> = {
  'campaigns.${command.switch}': ['campaigns.pause', 'campaigns.resume', 'campaigns.end'],
  'channel.${act}-clerk': ['channel.confirm-clerk', 'channel.refuse-clerk', 'channel.remove-clerk'],
  'channel.${verb}-dispute': ['channel.raise-dispute', 'channel.answer-dispute', 'channel.settle-dispute'],
  'codes.${cause}-batch': ['codes.recall-batch'],
  'codes.${VERBS[state]}-pack': ['codes.approve-pack', 'codes.refuse-pack', 'codes.withdraw-pack'],
  'codes.segment-${state}': ['active', 'inactive', 'frozen', 'void'].map((state) => `codes.segment-${state}`),
  'payouts.ask-${kind}': ['payouts.ask-settle', 'payouts.ask-fail'],
  'payouts.approve-${decision.kind}': ['payouts.approve-settle', 'payouts.approve-fail', 'payouts.approve-close'],
};
const FILE_NAME = /\.(csv|xlsx|zip|json|ts|verb)$/;

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ['node_modules', 'api-client', 'testing'].includes(entry.name) ? [] : sources(path);
    return /(?<!\.(spec|contract))\.ts$/.test(entry.name) ? [path] : [];
  });
}

/** Every act that some file which writes to the audit log names. */
function writtenActs(): Set<string> {
  const files = ['libs', 'apps/api/src', 'apps/worker/src'].flatMap((folder) => sources(join(ROOT, folder)));
  const writers = files.map((path) => readFileSync(path, 'utf8')).filter((text) => /\bAudit(Log|ed)\b/.test(text));
  const named = writers.flatMap((text) =>
    [...text.matchAll(/(['`])([a-z]+\.(?:[a-z-]|\$\{[^}]*\})+)\1/g)].map(([, , name]) => name!),
  );
  return new Set(named.filter((name) => !FILE_NAME.test(name)).flatMap((name) => PUT_TOGETHER[name] ?? [name]));
}

it('has words for every act that the code writes down, and for no other', () => {
  const acts = writtenActs();
  expect(acts.size).toBeGreaterThan(90);
  expect([...acts].filter((act) => !(act in ACTS))).toEqual([]);
  expect(Object.keys(ACTS).filter((act) => !acts.has(act))).toEqual([]);
  expect([...acts].filter((act) => !(act.split('.')[0]! in AREAS))).toEqual([]);
});
