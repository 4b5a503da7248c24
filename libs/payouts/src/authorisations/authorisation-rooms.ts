import { HandleAuthorisationNotify } from '../callbacks/handle-authorisation-notify';
import { AskAuthorisation } from './ask-authorisation';
import { AuthorisationRequests } from './authorisation-requests';
import { AuthorisationViews } from './authorisation-views';
import { AuthorisationWire } from './authorisation-wire';
import { Authorisations } from './authorisations';
import { AuthorisationsRepository } from './authorisations.repository';
import { ChangeAuthorisation } from './change-authorisation';
import { AdvanceAuthorisationHandler, DriveAuthorisation, ReconcileAuthorisations } from './drive-authorisation';
import { RecordAuthorisation } from './record-authorisation';

/** Agreements to be paid without a tap: what other libraries use, and what works behind it. */
export const AUTHORISATION_DOOR = [
  AskAuthorisation,
  ChangeAuthorisation,
  Authorisations,
  AuthorisationViews,
  HandleAuthorisationNotify,
];
export const AUTHORISATION_ROOMS = [
  AdvanceAuthorisationHandler,
  AuthorisationRequests,
  AuthorisationWire,
  AuthorisationsRepository,
  DriveAuthorisation,
  ReconcileAuthorisations,
  RecordAuthorisation,
];
