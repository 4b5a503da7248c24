interface Question {
  readonly question: string;
  readonly answer: string;
  readonly link?: { readonly to: string; readonly words: string };
}

/** Short, and nothing that is not so: what depends on a campaign says where it is written. */
export const TOPICS: readonly { readonly name: string; readonly questions: readonly Question[] }[] = [
  {
    name: '红包和到账',
    questions: [
      {
        question: '怎么收款？',
        answer: '打开红包后点「收款」，微信会弹出确认页，再点一次就存进零钱。开通过「免确认收款」的，会自己到账。',
        link: { to: '/h5/wallet', words: '去钱包收款' },
      },
      {
        question: '多久到账？',
        answer: '确认后一般几秒，最多几分钟。页面写着「到账中」就是在等微信的消息，钱不会少，也不会付两遍。',
      },
      {
        question: '没来得及确认，钱没了吗？',
        answer:
          '没有。微信里的确认页 24 小时有效，过了会退回来替您留着，再点一次「收款」就行，在活动写明的兑奖截止前都可以。',
      },
      {
        question: '「累计中」是什么？',
        answer: '太小的金额微信不能单独转，先替您攒着，满了就能一起收。还差多少，钱包里写着。',
        link: { to: '/h5/wallet', words: '看看攒了多少' },
      },
    ],
  },
  {
    name: '扫码和真伪',
    questions: [
      {
        question: '码刮坏了、扫不出来？',
        answer:
          '擦干净，换个亮一点的地方再扫。还不行就照着码旁边的字母和数字输入，大小写都可以。看不清的，拍张照片写给我们。',
        link: { to: '/h5/code', words: '照着输入码' },
      },
      {
        question: '说「之前查询过」，是假货吗？',
        answer:
          '不一定：可能是家人扫过，也可能是您自己。页面会写第一次是几点、在哪个城市。如果都不是您身边的人，请不要饮用，写给我们来查。',
        link: { to: '/h5/complain', words: '写给我们' },
      },
      {
        question: '说「还没登记上市」？',
        answer: '这瓶的出货登记还没做完，我们已经收到提醒。瓶盖留着，过一会儿再扫，奖励不会丢。',
      },
      {
        question: '为什么没看到定位的询问？',
        answer:
          '只有按地区发奖的活动才问位置，别的时候不问。点了「拒绝」以后想改：微信右上角「…」里重新授权，或者选「不开启，领取全国奖」。',
      },
    ],
  },
  {
    name: '奖品',
    questions: [
      {
        question: '过期了怎么办？',
        answer:
          '券和到店兑付的奖品，有效期写在奖励页上，含当天；过了就不能用了。红包在兑奖截止前都能收，截止后会退回活动。',
        link: { to: '/h5/wallet', words: '看看哪些快到期' },
      },
      {
        question: '再来一瓶去哪里换？',
        answer: '打开这份奖励，给店员看兑换码就行。哪些店能换，可以按距离找，也可以按地区找。',
        link: { to: '/h5/stores', words: '附近可兑门店' },
      },
      {
        question: '实物什么时候寄？',
        answer: '填好地址就排队配货，寄出后奖励页上有快递公司和单号。配货之前，地址都能改。',
      },
    ],
  },
  {
    name: '我的资料',
    questions: [
      {
        question: '存了我的什么？能删吗？',
        answer: '看得见，也能导出、撤回和注销。查真伪和领红包，不需要手机号和地址。',
        link: { to: '/h5/privacy', words: '隐私与数据' },
      },
      {
        question: '怎么联系你们？',
        answer: '写一条反馈，可以带照片，我们会在「我的反馈」里回复您。',
        link: { to: '/h5/complaints', words: '我的反馈' },
      },
    ],
  },
];
