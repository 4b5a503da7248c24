import type { SandboxUser } from '../world/event';

/**
 * The people an empty sandbox starts with. Points are gcj02; each address is a public one that the common Chinese IP tables place in that very city, so place by
 * location and place by IP agree.
 */
export const FIRST_USERS: readonly SandboxUser[] = [
  person('u01', '陈小禾', '安徽省合肥市', 31.8206, 117.2272, '36.60.80.132', '陈禾'),
  person('u02', '芜湖老周', '安徽省芜湖市', 31.3525, 118.4331, '60.169.248.195', '周建国'),
  person('u03', '金陵阿宁', '江苏省南京市', 32.0603, 118.7969, '61.155.112.24', '吴宁'),
  person('u04', '苏州慢慢', '江苏省苏州市', 31.2989, 120.5853, '58.210.200.56', '沈曼'),
  person('u05', '广州靓仔强', '广东省广州市', 23.1291, 113.2644, '59.42.160.119', '梁志强'),
  person('u06', '佛山黄飞', '广东省佛山市', 23.0219, 113.1214, '113.69.16.34', '黄飞'),
  person('u07', '成都老幺', '四川省成都市', 30.5728, 104.0668, '118.112.16.198', '罗幺'),
  person('u08', '绵阳小雨', '四川省绵阳市', 31.4675, 104.6796, '182.137.56.161', '何雨'),
  person('u09', '胡同里的猫', '北京市', 39.9042, 116.4074, '123.112.64.31', '赵毛'),
  person('u10', '沪上晚风', '上海市', 31.2304, 121.4737, '58.33.240.165', '顾晚'),
  person('u11', '滁州摄影师', '安徽省滁州市', 32.3016, 118.3163, '124.113.224.51', '孙立'),
  {
    ...person('u12', '微信用户', '江苏省无锡市', 31.4912, 120.3119, '114.225.80.173', ''),
    snapshot: true,
    follows: false,
  },
];

function person(
  id: string,
  nickname: string,
  city: string,
  latitude: number,
  longitude: number,
  ip: string,
  realName: string,
): SandboxUser {
  const follows = Number(id.slice(1)) % 2 === 1;
  return { id, nickname, city, latitude, longitude, ip, unionid: `oUnion_${id}_sandbox`, follows, realName };
}

/** What every merchant account starts with: 1,000,000 yuan. */
export const FIRST_BALANCE_FEN = 100_000_000;
