import { Module } from '@nestjs/common';
import { MembersModule } from '@app/members';
import { StaffModule } from '@app/staff';
import { AnswerComplaint } from './answer-complaint';
import { ComplaintDesk } from './complaint-desk';
import { ComplaintsRepository } from './complaints.repository';
import { ForgetComplaints } from './forget-complaints';
import { MyComplaints } from './my-complaints';
import { OpenComplaint } from './open-complaint';

const DOOR = [AnswerComplaint, ComplaintDesk, MyComplaints, OpenComplaint];

@Module({
  imports: [MembersModule, StaffModule],
  providers: [ComplaintsRepository, ForgetComplaints, ...DOOR],
  exports: DOOR,
})
export class ServiceModule {}
