import { Injectable } from '@nestjs/common';
import { Database, UnitOfWork } from '@app/database';

/**
 * Lets the database of this process believe that it is some earlier time, so that what a history needs (campaigns of May, money that arrived
 * three days ago) is written by the real use cases with the dates it would have had. Only ever used by commands that write demos.
 */
@Injectable()
export class PretendedClock {
  /** How far the pretended time lies behind the real one; null = it is now. */
  private behindMs: number | null = null;
  private used = false;

  constructor(database: Database, unitOfWork: UnitOfWork) {
    const run = unitOfWork.run.bind(unitOfWork);
    const query = database.query.bind(database);
    unitOfWork.run = (work) => {
      if (!this.used) return run(work);
      return run(async (tx) => {
        // Said in each transaction anew: a session keeps its time, and goes from hand to hand.
        await tx.execute(`SET timestamp = ${this.seconds()}`);
        return work(tx);
      });
    };
    database.query = <T>(...[sql, params]: Parameters<Database['query']>) =>
      this.used ? unitOfWork.run((tx) => tx.query<T>(sql, params)) : query<T>(sql, params);
  }

  /** Does something as if it were begun at `instant`; time goes on from there. Not from two places at once. */
  async at<T>(instant: Date, work: () => Promise<T>): Promise<T> {
    this.used = true;
    this.behindMs = Date.now() - instant.getTime();
    try {
      return await work();
    } finally {
      this.behindMs = null;
    }
  }

  private seconds(): string {
    return this.behindMs === null ? 'DEFAULT' : ((Date.now() - this.behindMs) / 1000).toFixed(6);
  }
}
