import { Database, UnitOfWork, type Answer, type Connections, type Session, type SqlValue } from '@app/database';
import { Defect } from '@app/kernel';
import type { Transaction } from './engine/transaction';
import type { MemoryDatabase } from './memory-database';

/** The connections of one simulated process. */
class MemoryConnections implements Connections {
  constructor(
    private readonly database: MemoryDatabase,
    private readonly process: string,
  ) {}

  async read(sql: string, params: readonly SqlValue[]): Promise<Answer> {
    return this.database.send(this.process, null, sql, () => this.database.plan(sql), params);
  }

  async transact<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const { database } = this;
    const transaction = database.begin(this.process);
    try {
      const result = await work(new MemorySession(database, transaction));
      await database.commit(transaction);
      return result;
    } catch (error) {
      database.rollback(transaction);
      throw error;
    }
  }

  /** As long as the pool waits on average. */
  async pause(attempt: number): Promise<void> {
    await this.database.scheduler.park(this.process, 'pause', 5 * 2 ** attempt).done;
  }
}

class MemorySession implements Session {
  constructor(
    private readonly database: MemoryDatabase,
    private readonly transaction: Transaction,
  ) {}

  get manager(): never {
    throw new Defect('the memory database has no entity manager');
  }

  statement(sql: string, params: readonly SqlValue[]): Promise<Answer> {
    const { database, transaction } = this;
    return database.send(transaction.process, transaction, sql, () => database.plan(sql), params);
  }

  insertRows(
    table: string,
    columns: readonly string[],
    rows: readonly (readonly SqlValue[])[],
    ending: string,
  ): Promise<Answer> {
    const { database, transaction } = this;
    const plan = () => database.bulk(table, columns, ending).with(rows);
    return database.send(transaction.process, transaction, `INSERT INTO ${table} …${ending}`, plan, []);
  }
}

/** Provide it as UnitOfWork: the real one, on memory. One per simulated process. */
export class MemoryUnitOfWork extends UnitOfWork {
  constructor(database: MemoryDatabase, process: string) {
    super(new MemoryConnections(database, process));
  }
}

/** Provide it as Database. */
export class MemoryReader extends Database {
  constructor(database: MemoryDatabase, process: string) {
    super(new MemoryConnections(database, process));
  }
}
