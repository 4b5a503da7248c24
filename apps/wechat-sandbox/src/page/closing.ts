import { html } from './html';

/** Tells the page below that this one is to be closed, and how it ended. */
export const CLOSE_SCRIPT = `
function leave(result){parent.postMessage({sandbox:'closed',result:result},'*')}
document.querySelectorAll('[data-leave]').forEach(function(el){el.addEventListener('click',function(){leave(el.dataset.leave)})});`;

/** Says yes to what the package names, then shows what became of it. */
export const CONFIRM_SCRIPT = `${CLOSE_SCRIPT}
var confirmButton=document.getElementById('confirm');
confirmButton.addEventListener('click',function(){
  confirmButton.disabled=true;
  var q=new URLSearchParams(location.search);
  fetch('/transfer/confirm',{method:'POST',headers:{'content-type':'application/json'},body:JSON.stringify({package:q.get('package'),mchId:q.get('mchId'),appId:q.get('appId')})})
    .then(function(){location.reload()},function(){confirmButton.disabled=false;document.getElementById('problem').textContent='网络不通，请再试一次'});
});`;

export const CLOSE_MARK = html`<button
  data-leave="cancel"
  aria-label="关闭"
  style="position:absolute;left:12px;top:12px;width:40px;height:40px;border:0;background:none;cursor:pointer"
>
  <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
    <path d="M2 2l12 12M14 2L2 14" stroke="rgba(0,0,0,.8)" stroke-width="1.6" stroke-linecap="round" />
  </svg>
</button>`;
