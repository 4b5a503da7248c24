import { Module } from '@nestjs/common';
import { FoldScans } from './fold-scans';
import { MemberDirectory } from './member-directory';
import { MemberEventsRepository } from './member-events.repository';
import { MemberIdentitiesRepository } from './member-identities.repository';
import { MemberMarks } from './member-marks';
import { MemberMoney } from './member-money';
import { MembersForScan } from './members-for-scan';
import { MembersRepository } from './members.repository';
import { MergeMembers } from './merge-members';
import { OpenIds } from './open-ids';
import { MembersPayoutSettledHandler } from './payout-settled.handler';
import { RebuildMember } from './rebuild-member';
import { MembersScansRecordedHandler } from './scans-recorded.handler';
import { SignIn } from './sign-in';
import { SpendWindow } from './spend-window';
import { TierKeeper } from './tier-keeper';

@Module({
  providers: [
    FoldScans,
    MemberDirectory,
    MemberEventsRepository,
    MemberIdentitiesRepository,
    MemberMarks,
    MemberMoney,
    MembersForScan,
    MembersPayoutSettledHandler,
    MembersRepository,
    MembersScansRecordedHandler,
    MergeMembers,
    OpenIds,
    RebuildMember,
    SignIn,
    SpendWindow,
    TierKeeper,
  ],
  exports: [MemberDirectory, MemberMoney, MembersForScan, OpenIds, RebuildMember, SignIn, SpendWindow, TierKeeper],
})
export class MembersModule {}
