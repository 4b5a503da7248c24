import type { Authorization } from '../world/authorization';
import { rfc3339 } from '../world/clock';

/** An authorization as answers and callbacks show it. */
export function authorizationView(authorization: Authorization): object {
  const { closedAt, closeReason, authorizedAt } = authorization;
  return {
    out_authorization_no: authorization.outNo,
    appid: authorization.appId,
    openid: authorization.openid,
    transfer_scene_id: authorization.sceneId,
    user_display_name: authorization.displayName,
    user_recv_perception: authorization.perception,
    state: authorization.state,
    create_time: rfc3339(authorization.createdAt),
    authorization_id: authorizedAt === undefined ? undefined : authorization.platformNo,
    authorize_time: authorizedAt === undefined ? undefined : rfc3339(authorizedAt),
    close_info: closedAt === undefined ? undefined : { close_time: rfc3339(closedAt), close_reason: closeReason },
  };
}
