import { Module } from '@nestjs/common';
import { ConsoleShell } from './console-shell';
import { H5Shell } from './h5-shell';
import { PagesController } from './pages.controller';

@Module({ controllers: [PagesController], providers: [ConsoleShell, H5Shell], exports: [H5Shell] })
export class PagesModule {}
