import { Injectable } from '@nestjs/common';
import { CodeBook } from '@app/codes';
import { counter } from '@app/observability';
import { place } from '@app/regions';
import { CommitScans } from './commit-scans';
import type { PreparedScan, ScanInput } from './scan-input';
import { ScanLine } from './scan-line';
import type { ScanOutcome } from './scan-outcome';
import { recordKey } from './scan-records.repository';
import { WholeAnswers } from './whole-answers';

const outcomes = counter('scans_total', 'Scans by outcome', ['outcome'] as const);

/** One scan, from the text on a bottle to an answer that is committed. */
@Injectable()
export class ScanCode {
  private readonly line: ScanLine<PreparedScan, ScanOutcome>;

  constructor(
    private readonly codeBook: CodeBook,
    private readonly whole: WholeAnswers,
    commit: CommitScans,
  ) {
    this.line = new ScanLine(
      ({ member, scanId, codeText }) => `${recordKey(member, scanId)} ${codeText}`,
      (group) => commit.run(group),
    );
  }

  /**
   * Answers with what is committed, so the same scanId always gets the same answer. Text that is no code, and codes that are not
   * ours, are answered without any I/O. Throws Transient when the database does not keep up: the phone tries again with the same scanId.
   */
  async run(input: ScanInput): Promise<ScanOutcome> {
    const outcome = await this.outcome(input);
    outcomes.inc({ outcome: outcome.kind });
    return outcome;
  }

  private async outcome({ member, scanId, code, ip, location, withoutLocation }: ScanInput): Promise<ScanOutcome> {
    const decoded = this.codeBook.decode(code);
    if (decoded === 'malformed') return { kind: 'malformed' };
    if (decoded === 'forged') return { kind: 'unknown', code };
    const { batch, layer, serial, text } = decoded;
    const outcome = await this.line.submit({
      member,
      scanId,
      codeText: text,
      code: { batch, layer, serial },
      place: place(ip, location),
      withoutLocation,
    });
    return outcome.kind === 'answered' ? { ...outcome, answer: await this.whole.of(outcome.answer) } : outcome;
  }
}
