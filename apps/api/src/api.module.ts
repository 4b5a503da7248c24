import { Module, type DynamicModule } from '@nestjs/common';
import { campaignsEntities } from '@app/campaigns';
import { codesEntities } from '@app/codes';
import { ConfigModule, type Config } from '@app/config';
import { DatabaseModule } from '@app/database';
import { JobsModule } from '@app/jobs';
import { ObservabilityModule, type Logger } from '@app/observability';
import { CallbacksModule } from './callbacks/callbacks.module';
import { ConsoleModule } from './console/console.module';
import { H5Module } from './h5/h5.module';
import { PagesModule } from './pages/pages.module';

/** One module per surface. */
@Module({ imports: [H5Module, ConsoleModule, CallbacksModule, PagesModule] })
export class SurfacesModule {}

@Module({})
export class ApiModule {
  static forRoot(config: Config, log: Logger): DynamicModule {
    return {
      module: ApiModule,
      imports: [
        ConfigModule.forRoot(config),
        ObservabilityModule.forRoot(log),
        DatabaseModule.forRoot([...codesEntities, ...campaignsEntities]),
        JobsModule.forRoot({ run: false }),
        SurfacesModule,
      ],
    };
  }
}
