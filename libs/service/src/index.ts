export { AnswerComplaint } from './answer-complaint';
export { ComplaintDesk, type ComplaintItem, type ComplaintDetail } from './complaint-desk';
export {
  COMPLAINT_KINDS,
  COMPLAINT_STATES,
  MOST_PHOTOS,
  type ComplaintKind,
  type ComplaintState,
} from './complaint-state';
export { MyComplaints, type MyComplaint } from './my-complaints';
export { MOST_PHOTO_BYTES, readPhoto, type Photo } from './photo';
export { OpenComplaint, type NewComplaint } from './open-complaint';
export { ServiceModule } from './service.module';
