import type { Chance } from '../time/chance';
import type { CommitAt, CommitFault, Faults, StatementAt, StatementFault } from '../memory-database';

/** Faults of the database and of processes that come by chance, as this seed has them. All zero when the weather is calm. */
export class Rates implements Faults {
  deadlocks = 0;
  lostStatements = 0;
  lostCommits = 0;
  readonly slow = new Map<string, { readonly rate: number; readonly mostMs: number }>();

  constructor(private readonly chance: Chance) {}

  calm(): void {
    this.deadlocks = this.lostStatements = this.lostCommits = 0;
    this.slow.clear();
  }

  beforeStatement({ transaction }: StatementAt): StatementFault | null {
    if (this.deadlocks > 0 && transaction !== null && this.chance.happens(this.deadlocks)) {
      return this.chance.happens(0.7) ? 'deadlock' : 'lock_wait';
    }
    if (this.lostStatements > 0 && this.chance.happens(this.lostStatements)) {
      return this.chance.happens(0.5) ? 'lost' : 'lost_reply';
    }
    return null;
  }

  atCommit({ wrote }: CommitAt): CommitFault | null {
    if (!wrote || !this.chance.happens(this.lostCommits)) return null;
    return this.chance.happens(0.6) ? 'lost_after' : 'lost_before';
  }

  /** How long a step of this process is held up. */
  holdUp(process: string): number {
    const slow = this.slow.get(process);
    return slow && this.chance.happens(slow.rate) ? this.chance.span(1, slow.mostMs) : 0;
  }
}
