// A website, app or device with openid-client.
import * as oidc from "openid-client";
import { check, facts, person, refusal } from "./conversation.mjs";

const proof = facts.secret ? oidc.ClientSecretBasic(facts.secret) : oidc.None();
const server = await oidc.discovery(new URL(facts.issuer), facts.client_id, undefined, proof, {
  execute: [oidc.allowInsecureRequests],
});
check(server.serverMetadata().supportsPKCE(), "discovery");

const verifier = oidc.randomPKCECodeVerifier();
const state = oidc.randomState();
const nonce = oidc.randomNonce();
const address = oidc.buildAuthorizationUrl(server, {
  redirect_uri: facts.redirect_uri,
  scope: "openid email vehicles",
  code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
  code_challenge_method: "S256",
  state,
  nonce,
  max_age: "3600",
});
const cameBackTo = new URL(await person({ open: address.href }));
const first = await oidc.authorizationCodeGrant(server, cameBackTo, {
  pkceCodeVerifier: verifier,
  expectedState: state,
  expectedNonce: nonce,
  idTokenExpected: true,
  maxAge: 3600,
});
const { sub } = first.claims();
check(first.claims().auth_time > 0 && first.claims().acr, "code with PKCE");

const told = await oidc.fetchUserInfo(server, first.access_token, sub);
check(told.email === facts.email, "userinfo");

const second = await oidc.refreshTokenGrant(server, first.refresh_token);
check(second.refresh_token !== first.refresh_token && second.claims().sub === sub, "refresh with rotation");

if (facts.secret) {
  const known = await oidc.tokenIntrospection(server, second.access_token);
  check(known.active === true && known.sub === sub, "introspection");
} else {
  // 401 with a challenge: the library tells of the challenge and not of the error in the body
  const said = await refusal(() => oidc.tokenIntrospection(server, second.access_token));
  check(said === "OAUTH_WWW_AUTHENTICATE_CHALLENGE", "introspection");
}

check((await refusal(() => oidc.refreshTokenGrant(server, first.refresh_token))) === "invalid_grant", "reuse is refused");
check((await refusal(() => oidc.refreshTokenGrant(server, second.refresh_token))) === "invalid_grant", "reuse ends the family");

const waiting = await oidc.initiateDeviceAuthorization(server, { scope: "openid vehicles" });
await person({ let_in: waiting.verification_uri_complete });
const device = await oidc.pollDeviceAuthorizationGrant(server, waiting);
check(device.claims().sub === sub, "device flow");

await oidc.tokenRevocation(server, device.refresh_token);
check((await refusal(() => oidc.refreshTokenGrant(server, device.refresh_token))) === "invalid_grant", "revocation");

const goodbye = oidc.buildEndSessionUrl(server, {
  id_token_hint: second.id_token,
  post_logout_redirect_uri: facts.goodbye_uri,
  state: "bye",
});
check((await person({ open: goodbye.href })) === `${facts.goodbye_uri}?state=bye`, "end-session");
process.exit(0);
