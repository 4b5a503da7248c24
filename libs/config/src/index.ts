export { ConfigError, loadConfig, type Config, type Merchant, type Profile, type Role } from './config';
export { CONFIG, ConfigModule } from './config.module';
export { PAYOUT_CHANNEL_NAMES, type MessageTemplate, type PayoutChannelName } from './env';
export { envExample } from './env-example';
export type { MerchantSecrets, Secrets } from './secrets';
export { waitsByProfile, type Waits } from './waits';
