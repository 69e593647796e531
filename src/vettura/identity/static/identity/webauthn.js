// What WebAuthn wants as bytes and a form carries as text.
"use strict";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) => buffer && btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const withBytes = (list) => (list ?? []).map((each) => ({ ...each, id: bytes(each.id) }));

export const isKnown = Boolean(window.PublicKeyCredential && navigator.credentials);

export const create = (options) => navigator.credentials.create({ publicKey: {
  ...options, challenge: bytes(options.challenge), user: { ...options.user, id: bytes(options.user.id) },
  excludeCredentials: withBytes(options.excludeCredentials),
} });

export const get = (options) => navigator.credentials.get({ publicKey: {
  ...options, challenge: bytes(options.challenge), allowCredentials: withBytes(options.allowCredentials),
} });

export const written = (credential) => {
  const { response: answer } = credential;
  const response = { clientDataJSON: text(answer.clientDataJSON) };
  if (answer.attestationObject) {
    response.attestationObject = text(answer.attestationObject);
    response.transports = answer.getTransports?.() ?? [];
  } else {
    Object.assign(response, { authenticatorData: text(answer.authenticatorData), signature: text(answer.signature), userHandle: text(answer.userHandle) });
  }
  return JSON.stringify({
    id: credential.id, rawId: text(credential.rawId), type: credential.type, response,
    authenticatorAttachment: credential.authenticatorAttachment || undefined, clientExtensionResults: credential.getClientExtensionResults(),
  });
};
