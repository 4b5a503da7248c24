import { Module } from '@nestjs/common';
import { StaffModule } from '@app/staff';
import { Pictures } from './pictures';

/** Needs the global database module. */
@Module({ imports: [StaffModule], providers: [Pictures], exports: [Pictures] })
export class PicturesModule {}
