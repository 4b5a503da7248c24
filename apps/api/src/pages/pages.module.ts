import { Module } from '@nestjs/common';
import { MembersModule } from '@app/members';
import { PicturesModule } from '@app/pictures';
import { MemberSession } from '../h5/sign-in/member-session';
import { OAuthRound } from '../h5/sign-in/oauth-round';
import { ConsoleShell } from './console-shell';
import { H5Shell } from './h5-shell';
import { PagesController } from './pages.controller';
import { PublicPicturesController } from './pictures.controller';
import { PreviewShell } from './preview-shell';
import { TourController } from './tour.controller';
import { TourShell } from './tour-shell';

@Module({
  imports: [MembersModule, PicturesModule],
  controllers: [TourController, PublicPicturesController, PagesController],
  providers: [ConsoleShell, H5Shell, MemberSession, OAuthRound, PreviewShell, TourShell],
  exports: [H5Shell],
})
export class PagesModule {}
