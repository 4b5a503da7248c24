import { Global, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CONFIG, type Config } from '@app/config';
import { Pool } from './connections';
import { connect, dataSourceOptions } from './data-source';
import { Slots } from './slots';
import { Database, UnitOfWork } from './unit-of-work';

type EntityClass = new () => unknown;

class CloseOnShutdown implements OnApplicationShutdown {
  constructor(private readonly source: DataSource) {}
  async onApplicationShutdown(): Promise<void> {
    if (this.source.isInitialized) await this.source.destroy();
  }
}

/** The pool, the unit of work and the reader, once per process. Shut down last, after everything that may still write. */
@Global()
@Module({})
export class DatabaseModule {
  static forRoot(entities: readonly EntityClass[]): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [
        {
          provide: DataSource,
          inject: [CONFIG],
          useFactory: ({ database }: Config) =>
            connect(dataSourceOptions(database.url, database.poolSize, [...entities])),
        },
        { provide: Slots, inject: [CONFIG], useFactory: ({ database }: Config) => new Slots(database.poolSize) },
        {
          provide: Pool,
          inject: [DataSource, Slots],
          useFactory: (source: DataSource, slots: Slots) => new Pool(source, slots),
        },
        { provide: Database, inject: [Pool], useFactory: (pool: Pool) => new Database(pool) },
        { provide: UnitOfWork, inject: [Pool], useFactory: (pool: Pool) => new UnitOfWork(pool) },
        {
          provide: CloseOnShutdown,
          inject: [DataSource],
          useFactory: (source: DataSource) => new CloseOnShutdown(source),
        },
      ],
      exports: [Database, UnitOfWork, DataSource],
    };
  }
}
