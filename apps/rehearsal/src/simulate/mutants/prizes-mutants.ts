import type { Mutant } from './mutant';

const WRITES = 'libs/scans/src/scan-writes.ts';
const JUDGE = 'libs/scans/src/judge-scan.ts';
const REQUEST = 'libs/payouts/src/driving/request-payout.ts';
const RUNNER = 'libs/jobs/src/job-runner.ts';

/** Bugs between a scan and the word that its money is asked for, and in the jobs that carry words. */
export const PRIZES_MUTANTS: readonly Mutant[] = [
  {
    name: 'a-prize-without-its-award',
    file: WRITES,
    find: 'await this.awards.insert(tx, world.awards);',
    replace: '',
  },
  {
    name: 'a-scan-without-its-record',
    file: WRITES,
    find: 'await this.records.insert(tx, records);',
    replace: '',
  },
  {
    name: 'members-are-not-told-of-scans',
    file: WRITES,
    find: 'outboxEntry(MembersScansRecorded, { scans }),',
    replace: '',
  },
  {
    name: 'a-code-that-stays-unused',
    file: JUDGE,
    find: 'consumed: { by: scan.member, scanId: scan.scanId, at: world.now } });',
    replace: 'consumed: null });',
  },
  {
    name: 'a-used-code-shows-its-prize-to-anybody',
    file: JUDGE,
    find: 'award: repeat?.mine ? world.awardOf(scan.code) : null };',
    replace: 'award: world.awardOf(scan.code) };',
  },
  {
    name: 'asked-for-and-nobody-told',
    file: REQUEST,
    find: 'await this.outbox.append(tx, SendPayout, { payoutKey });',
    replace: '',
  },
  {
    name: 'the-next-offer-begins-without-a-word',
    file: REQUEST,
    find: 'await this.payouts.nextOffer(tx, failed, await this.nextChannel(tx, failed, request.channel));\n    return this.drive(tx, request.payoutKey);',
    replace:
      "await this.payouts.nextOffer(tx, failed, await this.nextChannel(tx, failed, request.channel));\n    return { kind: 'requested', state: 'PENDING' };",
  },
  {
    name: 'a-job-that-met-bad-luck-is-done',
    file: RUNNER,
    find: 'return this.rows.postpone(row.id, wait, reason, false);',
    replace: 'return this.rows.completeAlone(row.id);',
  },
  {
    name: 'a-job-that-failed-once-is-dead',
    file: RUNNER,
    find: 'if (row.failures + 1 >= job.attempts) {',
    replace: 'if (row.failures + 1 >= 1) {',
    reconciler: 'off',
  },
];
