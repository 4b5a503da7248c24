import type { StoreWish } from '@app/channel';

type Place = readonly [name: string, adcode: number, address: string, latitude: number, longitude: number];

/** Shops that hand prizes over, by the distributor that serves them; places are gcj02. */
const PLACES: Readonly<Record<string, readonly Place[]>> = {
  安徽徽茗商贸有限公司: [
    ['望江路好邻便利店', 340104, '望江西路 86 号', 31.8372, 117.2498],
    ['三里庵鲜果超市', 340104, '长江西路 199 号', 31.8531, 117.2609],
    ['淮河路步行街小卖部', 340103, '淮河路步行街 132 号', 31.8665, 117.2968],
    ['滨湖世纪社区超市', 340111, '庐州大道 518 号', 31.7372, 117.2904],
    ['芜湖中山路烟酒店', 340202, '中山路 45 号', 31.3342, 118.3763],
    ['蚌埠胜利路便民店', 340303, '胜利中路 71 号', 32.9402, 117.3716],
  ],
  江苏金陵茶饮贸易有限公司: [
    ['新街口苏果便利', 320106, '中山路 18 号', 32.0437, 118.7842],
    ['夫子庙老门东茶饮铺', 320104, '剪子巷 50 号', 32.0162, 118.7881],
    ['苏州观前街便利店', 320508, '观前街 96 号', 31.3126, 120.6303],
    ['无锡中山路副食店', 320213, '中山路 288 号', 31.5763, 120.3015],
  ],
  广东岭南饮品供应链有限公司: [
    ['天河体育西便利店', 440106, '体育西路 111 号', 23.1352, 113.3219],
    ['越秀北京路士多', 440104, '北京路 238 号', 23.1254, 113.2711],
    ['深圳华强北便利店', 440304, '华强北路 1019 号', 22.5472, 114.0859],
    ['佛山祖庙士多', 440604, '祖庙路 21 号', 23.0297, 113.1146],
  ],
  四川天府快消有限公司: [
    ['春熙路红旗便利', 510104, '春熙路东段 8 号', 30.6572, 104.0824],
    ['玉林路小酒馆便利店', 510107, '玉林西路 55 号', 30.6318, 104.0571],
    ['绵阳临园路超市', 510703, '临园路东段 72 号', 31.4655, 104.7501],
  ],
  肥西紫蓬副食批发部: [['紫蓬山游客超市', 340123, '紫蓬路 3 号', 31.7368, 117.0037]],
};

export interface DemoStore extends StoreWish {
  readonly distributor: string;
}

export const DEMO_STORES: readonly DemoStore[] = Object.entries(PLACES).flatMap(([distributor, places]) =>
  places.map(([name, adcode, address, latitude, longitude]) => ({
    ...{ distributor, name, adcode, address, redeems: 'all' as const },
    location: { latitude, longitude },
  })),
);

/** Who stands behind the counters, store by store; the last two have only just scanned the QR. One for each store. */
export const DEMO_CLERKS = [
  ...(['程小店', '吴桂芳', '李建国', '赵秀兰', '孙志强', '周玉梅'] as const),
  ...(['王海燕', '陈阿婆', '徐国平', '沈红霞'] as const),
  ...(['黄伟杰', '梁丽娟', '何家辉', '冯少玲'] as const),
  ...(['罗大全', '蒋小蓉', '邓光明', '丁紫云'] as const),
] as const;
