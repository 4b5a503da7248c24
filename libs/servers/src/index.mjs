/** Door of libs/servers: find or install MariaDB and Redis, take free ports, keep processes alive, stop them. Node built-ins only. */
export { BACKOFF, afterDeath, delayBefore } from './backoff.mjs';
export { findBinary } from './binaries.mjs';
export { aptInstall, machineFacts, run } from './install.mjs';
export { choosePorts, freePort, isPortFree, isPortFreeEverywhere, nextFreePort } from './ports.mjs';
export { pingMariadb, pingRedis } from './ping.mjs';
export { findServers, NoServers, startServers } from './servers.mjs';
export { lastLines, Supervised } from './supervise.mjs';
