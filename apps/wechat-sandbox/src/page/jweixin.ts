export interface StubVisitor {
  ip: string;
  deniesLocation: boolean;
  gcj02: { latitude: number; longitude: number };
  wgs84: { latitude: number; longitude: number };
}

export interface StubSettings {
  openOrigin: string;
  jsOrigin: string;
  visitor: StubVisitor | undefined;
}

/**
 * The stand-in for jweixin-1.6.0.js, as text: `wx.*` and `WeixinJSBridge`. It also plays the mobile network: requests of the page to its own origin get the fake
 * user's public address as X-Forwarded-For, as a carrier's NAT and our load balancer would make it look.
 */
export function jweixin(settings: StubSettings): string {
  // `<` is written as an escape so that the settings can never end a script element.
  return `/* 微信沙盒 jweixin-1.6.0 stand-in */\n(${STUB})(${JSON.stringify(settings).replaceAll('<', '\\u003c')});\n`;
}

const STUB = String.raw`function (settings) {
  'use strict';
  var visitor = settings.visitor;
  var nativeFetch = window.fetch.bind(window);
  var state = { phase: 'none', allowed: [], ready: [], error: [], errMsg: '', debug: false };
  var ALWAYS = ['checkJsApi'];

  function sameOrigin(url) {
    try { return new URL(url, location.href).origin === location.origin; } catch (e) { return false; }
  }
  function playNetwork() {
    if (!visitor) return;
    window.fetch = function (input, init) {
      var url = input instanceof Request ? input.url : String(input);
      if (!sameOrigin(url)) return nativeFetch(input, init);
      var request = new Request(input, init);
      request.headers.set('X-Forwarded-For', visitor.ip);
      return nativeFetch(request);
    };
    var open = XMLHttpRequest.prototype.open;
    var send = XMLHttpRequest.prototype.send;
    XMLHttpRequest.prototype.open = function (method, url) {
      this.sandboxSameOrigin = sameOrigin(url);
      return open.apply(this, arguments);
    };
    XMLHttpRequest.prototype.send = function () {
      if (this.sandboxSameOrigin) this.setRequestHeader('X-Forwarded-For', visitor.ip);
      return send.apply(this, arguments);
    };
  }

  function finish(options, result) {
    options = options || {};
    if (state.debug) console.log('[wx]', result);
    var verdict = result.errMsg.split(':')[1];
    setTimeout(function () {
      if (verdict === 'ok' && options.success) options.success(result);
      else if (verdict === 'cancel' && options.cancel) options.cancel(result);
      else if (verdict !== 'ok' && options.fail) options.fail(result);
      if (options.complete) options.complete(result);
    }, 0);
  }
  function settle(errMsg) {
    state.errMsg = errMsg;
    state.phase = errMsg === 'config:ok' ? 'ready' : 'failed';
    if (state.debug) console.log('[wx]', errMsg);
    if (state.phase === 'failed') state.error.forEach(function (f) { f({ errMsg: errMsg }); });
    state.ready.splice(0).forEach(function (f) { f(); });
  }
  function whenConfigured(run) {
    if (state.phase === 'ready' || state.phase === 'failed') run();
    else state.ready.push(run);
  }
  function api(name, work) {
    return function (options) {
      whenConfigured(function () {
        var permitted = state.phase === 'ready' && (ALWAYS.indexOf(name) >= 0 || state.allowed.indexOf(name) >= 0);
        if (permitted) work(options || {}, function (verdict, more) { finish(options, Object.assign({ errMsg: name + ':' + verdict }, more)); });
        else finish(options, { errMsg: name + ':permission denied' });
      });
    };
  }

  function getLocation(options, answer) {
    if (!visitor) return answer('fail no user');
    if (visitor.deniesLocation) return answer('cancel');
    var point = options.type === 'gcj02' ? visitor.gcj02 : visitor.wgs84;
    setTimeout(function () { answer('ok', { latitude: point.latitude, longitude: point.longitude, speed: -1, accuracy: 30 }); }, 120);
  }
  function scanQRCode(options, answer) {
    var text = window.prompt('微信沙盒：扫到的内容');
    if (text === null) answer('cancel');
    else answer('ok', options.needResult ? { resultStr: text } : {});
  }

  function requestMerchantTransfer(params, callback) {
    var name = 'requestMerchantTransfer';
    function reply(verdict) { callback({ err_msg: name + ':' + verdict }); }
    whenConfigured(function () {
      if (state.phase !== 'ready' || state.allowed.indexOf(name) < 0) return reply('fail, permission denied');
      if (!params || !params.mchId || !params.appId || !params.package) return reply('fail, invalid parameter');
      showFrame('确认收款', settings.openOrigin + '/transfer/confirm?mchId=' + encodeURIComponent(params.mchId) + '&appId=' +
        encodeURIComponent(params.appId) + '&package=' + encodeURIComponent(params.package), reply);
    });
  }
  function showFrame(title, url, done) {
    var frame = document.createElement('iframe');
    frame.id = 'wechat-sandbox-confirm';
    frame.title = title;
    frame.src = url;
    frame.style.cssText = 'position:fixed;inset:0;width:100%;height:100%;border:0;z-index:2147483647;background:#fff;' +
      'transform:translateY(100%);transition:transform .28s cubic-bezier(.2,.8,.2,1)';
    function onMessage(event) {
      if (event.source !== frame.contentWindow || event.origin !== settings.openOrigin) return;
      if (!event.data || event.data.sandbox !== 'closed') return;
      window.removeEventListener('message', onMessage);
      frame.style.transform = 'translateY(100%)';
      setTimeout(function () { frame.remove(); done(event.data.result); }, 240);
    }
    window.addEventListener('message', onMessage);
    document.body.appendChild(frame);
    requestAnimationFrame(function () { requestAnimationFrame(function () { frame.style.transform = 'none'; }); });
  }

  // <wx-open-subscribe template="id">: shows what its wxtag-templates hold, in a room of its own; a tap asks the person.
  function defineOpenTags(names) {
    if (names.indexOf('wx-open-subscribe') < 0 || customElements.get('wx-open-subscribe')) return;
    function textOf(host, styles) {
      var parts = Array.prototype.filter.call(host.querySelectorAll('script[type="text/wxtag-template"]'), function (script) {
        return (script.getAttribute('slot') === 'style') === styles;
      });
      return parts.map(function (script) { return script.textContent; }).join('');
    }
    function tell(host, name, detail) { host.dispatchEvent(new CustomEvent(name, { detail: detail })); }
    function ask(host) {
      var template = host.getAttribute('template') || '';
      showFrame('订阅消息', settings.openOrigin + '/subscribe?template=' + encodeURIComponent(template), function (result) {
        if (result !== 'accept' && result !== 'reject') return tell(host, 'error', { errMsg: 'subscribe:fail', errCode: 10002 });
        var details = {};
        details[template] = JSON.stringify({ status: result });
        tell(host, 'success', { errMsg: 'subscribe:ok', subscribeDetails: JSON.stringify(details) });
      });
    }
    customElements.define('wx-open-subscribe', class extends HTMLElement {
      connectedCallback() {
        if (this.shadowRoot) return;
        var host = this;
        var room = host.attachShadow({ mode: 'open' });
        // A sheet made here is not an inline style, which the page's policy forbids.
        var sheet = new CSSStyleSheet();
        sheet.replaceSync(textOf(host, true).replace(/<\/?style>/g, ''));
        room.adoptedStyleSheets = [sheet];
        room.innerHTML = textOf(host, false);
        room.addEventListener('click', function () { ask(host); });
        setTimeout(function () { tell(host, 'ready', {}); }, 0);
      }
    });
  }

  function closeWindow() { window.dispatchEvent(new CustomEvent('wechat-sandbox:close')); window.close(); }
  function ok(options, answer) { answer('ok'); }
  var supported = ['getLocation', 'updateAppMessageShareData', 'updateTimelineShareData', 'hideMenuItems', 'showMenuItems',
    'hideOptionMenu', 'closeWindow', 'scanQRCode', 'requestMerchantTransfer', 'checkJsApi'];

  var wx = {
    config: function (given) {
      state.debug = !!given.debug;
      state.allowed = (given.jsApiList || []).slice();
      state.phase = 'checking';
      var asked = { appId: given.appId, timestamp: given.timestamp, nonceStr: given.nonceStr, signature: given.signature, url: location.href.split('#')[0] };
      nativeFetch(settings.jsOrigin + '/sandbox/config', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: JSON.stringify(asked) })
        .then(function (r) { return r.json(); })
        .then(function (r) {
          if (r.errMsg === 'config:ok') defineOpenTags(given.openTagList || []);
          settle(r.errMsg);
        }, function () { settle('config:fail, network'); });
    },
    // As in the original: ready runs once the check is over, also after a failure.
    ready: function (f) { whenConfigured(f); },
    error: function (f) { state.error.push(f); if (state.phase === 'failed') f({ errMsg: state.errMsg }); },
    checkJsApi: api('checkJsApi', function (options, answer) {
      var result = {};
      (options.jsApiList || []).forEach(function (name) { result[name] = supported.indexOf(name) >= 0; });
      answer('ok', { checkResult: result });
    }),
    getLocation: api('getLocation', getLocation),
    scanQRCode: api('scanQRCode', scanQRCode),
    updateAppMessageShareData: api('updateAppMessageShareData', ok),
    updateTimelineShareData: api('updateTimelineShareData', ok),
    hideMenuItems: api('hideMenuItems', ok),
    showMenuItems: api('showMenuItems', ok),
    hideOptionMenu: api('hideOptionMenu', ok),
    closeWindow: closeWindow
  };
  window.wx = window.jWeixin = wx;
  window.WeixinJSBridge = {
    invoke: function (name, params, callback) {
      callback = callback || function () {};
      if (name === 'requestMerchantTransfer') return requestMerchantTransfer(params, callback);
      if (name === 'closeWindow') return closeWindow();
      callback({ err_msg: name + ':fail, not supported by the sandbox' });
    },
    call: function (name) { if (name === 'closeWindow') closeWindow(); },
    on: function () {}
  };
  playNetwork();
  setTimeout(function () { document.dispatchEvent(new Event('WeixinJSBridgeReady')); }, 0);
}`;
