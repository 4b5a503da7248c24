import { existsSync, readFileSync } from 'node:fs';

/**
 * Counts of one runner, from the report file it wrote itself: Jest's JSON, Node's TAP, or the list of `check`.
 * A suite that could not even be loaded counts as one failure; so does a runner that left no report or ended badly without
 * naming a failure.
 *
 * @param {{ name: string, kind: 'jest'|'tap'|'check', file: string, exitCode: number }} runner
 * @returns {{ passed: number, failed: number, skipped: number, failures: string[] }}
 */
export function countsOf({ name, kind, file, exitCode }) {
  if (!existsSync(file))
    return { passed: 0, failed: 1, skipped: 0, failures: [`${name}: ended (${exitCode}) without a report`] };
  const counts = READERS[kind](readFileSync(file, 'utf8'));
  if (exitCode !== 0 && counts.failed === 0) {
    return { ...counts, failed: 1, failures: [`${name}: ended with ${exitCode} though its report names no failure`] };
  }
  return counts;
}

const READERS = { jest: readJest, tap: readTap, check: readCheck };

function readJest(text) {
  const report = JSON.parse(text);
  const failures = report.testResults.flatMap((suite) => {
    const failed = suite.assertionResults.filter((test) => test.status === 'failed').map((test) => test.fullName);
    if (suite.status === 'failed' && failed.length === 0) failed.push('the file could not be run');
    return failed.map((title) => `${suite.name}: ${title}`);
  });
  return {
    passed: report.numPassedTests,
    failed: failures.length,
    skipped: report.numPendingTests + report.numTodoTests,
    failures,
  };
}

/** Node's TAP ends with `# pass N` and so on; names of failures are the `not ok` lines. */
function readTap(text) {
  const total = (word) => Number(new RegExp(`^# ${word} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
  const failures = [...text.matchAll(/^\s*not ok \d+ - (.*)$/gm)].map((match) => match[1]);
  const complete = /^# pass \d+$/m.test(text);
  return {
    passed: total('pass'),
    failed: complete ? total('fail') + total('cancelled') : 1,
    skipped: total('skipped') + total('todo'),
    failures: complete ? failures : [...failures, 'the report of node:test is not complete'],
  };
}

function readCheck(text) {
  const steps = JSON.parse(text);
  const failed = steps.filter((step) => !step.ok).map((step) => `check: ${step.name}`);
  return { passed: steps.length - failed.length, failed: failed.length, skipped: 0, failures: failed };
}

/** Sums; no tests at all is a failure too. */
export function summarise(all) {
  const sum = (key) => all.reduce((total, counts) => total + counts[key], 0);
  const passed = sum('passed');
  const failed = sum('failed');
  return {
    passed,
    failed,
    skipped: sum('skipped'),
    failures: all.flatMap((counts) => counts.failures),
    ok: failed === 0 && passed > 0,
    line: `${passed} passed, ${failed} failed`,
  };
}
