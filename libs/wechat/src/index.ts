export {
  AccountMessages,
  MESSAGE_ERRORS,
  type MessageVerdict,
  type SubscriptionMessage,
  type TemplateMessage,
} from './account-messages';
export { ApiClient, type ApiReply } from './api-client';
export {
  BILL_ACCOUNTS,
  BillFileApi,
  BillFileBroken,
  type BillAccount,
  type BillFileAnswer,
  type BillFileLimits,
  type ReadyBillFile,
} from './bill-file-api';
export { CredentialHolder, type CredentialKind } from './credential-holder';
export { Followers } from './followers';
export { JsSdk, jsSignature, type JsConfig } from './js-sdk';
export { keyDates, type KeyDate } from './key-dates';
export { NotifyVerifier, type NotifyHeaders, type NotifyRefusal, type NotifyVerdict } from './notify-verifier';
export { WechatOAuth, type AuthorizeRequest, type OAuthExchange } from './oauth';
export { OAUTH_ERRORS, type OAuthFailure } from './oauth-failures';
export { PaymentWire, type MerchantWire } from './payment-wire';
export { RedpackApi, type RedpackRequest } from './redpack-api';
export {
  TransferBillsApi,
  type AuthorizationRequest,
  type AuthorizedTransferRequest,
  type TransferBillRequest,
} from './transfer-bills-api';
export { WechatModule } from './wechat.module';
export type { SilenceCause, WireReply } from './wire-reply';
