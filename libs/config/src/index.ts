export { ConfigError, loadConfig, type Config, type Merchant, type Profile, type Role } from './config';
export { CONFIG, ConfigModule } from './config.module';
export { envExample } from './env-example';
export type { MerchantSecrets, Secrets } from './secrets';
export { waitsByProfile, type Waits } from './waits';
