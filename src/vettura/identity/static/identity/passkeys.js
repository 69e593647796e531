// Asks the device for a passkey and puts its answer into the form. Without JavaScript the other ways stay.
(function () {
  "use strict";
  var form = document.querySelector("form[data-passkey]");
  if (!form) { return; }
  var problem = document.querySelector("[data-passkey-problem]");
  var kind = form.dataset.passkey;

  function tell(text) {
    problem.textContent = text;
    problem.hidden = false;
  }

  if (!window.PublicKeyCredential || !navigator.credentials) {
    if (kind === "create") { tell(problem.dataset.none); }
    return;
  }
  form.hidden = false;

  function bytes(text) {
    var binary = window.atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(binary, function (letter) { return letter.charCodeAt(0); });
  }

  function text(buffer) {
    if (!buffer) { return undefined; }
    var binary = String.fromCharCode.apply(null, new Uint8Array(buffer));
    return window.btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function withBytes(list) {
    return (list || []).map(function (each) { return Object.assign({}, each, { id: bytes(each.id) }); });
  }

  function create(options) {
    var asked = Object.assign({}, options, {
      challenge: bytes(options.challenge),
      user: Object.assign({}, options.user, { id: bytes(options.user.id) }),
      excludeCredentials: withBytes(options.excludeCredentials)
    });
    return navigator.credentials.create({ publicKey: asked });
  }

  function get(options) {
    var asked = Object.assign({}, options, {
      challenge: bytes(options.challenge),
      allowCredentials: withBytes(options.allowCredentials)
    });
    return navigator.credentials.get({ publicKey: asked });
  }

  function written(credential) {
    var answer = credential.response;
    var response = { clientDataJSON: text(answer.clientDataJSON) };
    if (answer.attestationObject) {
      response.attestationObject = text(answer.attestationObject);
      response.transports = answer.getTransports ? answer.getTransports() : [];
    } else {
      response.authenticatorData = text(answer.authenticatorData);
      response.signature = text(answer.signature);
      response.userHandle = text(answer.userHandle);
    }
    return JSON.stringify({
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment || undefined,
      clientExtensionResults: credential.getClientExtensionResults(),
      response: response
    });
  }

  function options() {
    if (kind !== "signin") {
      return Promise.resolve(JSON.parse(document.getElementById("passkey-options").textContent));
    }
    return window.fetch(form.action, { headers: { Accept: "application/json" }, credentials: "same-origin" })
      .then(function (answer) { return answer.json(); })
      .then(function (answer) { return answer.request_options; });
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    problem.hidden = true;
    options()
      .then(function (given) { return kind === "create" ? create(given.publicKey) : get(given.publicKey); })
      .then(function (credential) {
        form.elements.credential.value = written(credential);
        form.submit();
      })
      .catch(function () { tell(problem.dataset.stopped); });
  });
}());
