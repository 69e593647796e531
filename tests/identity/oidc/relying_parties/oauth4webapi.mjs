// A website, app or device with oauth4webapi, which leaves out no check.
import * as oauth from "oauth4webapi";
import { check, facts, person, refusal } from "./conversation.mjs";

const plain = { [oauth.allowInsecureRequests]: true };
const issuer = new URL(facts.issuer);
const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, plain));
const client = { client_id: facts.client_id };
const proof = facts.secret ? oauth.ClientSecretPost(facts.secret) : oauth.None();
check(server.authorization_response_iss_parameter_supported === true, "discovery");

const verifier = oauth.generateRandomCodeVerifier();
const state = oauth.generateRandomState();
const nonce = oauth.generateRandomNonce();
const address = new URL(server.authorization_endpoint);
for (const [name, value] of Object.entries({
  client_id: client.client_id,
  redirect_uri: facts.redirect_uri,
  response_type: "code",
  scope: "openid email vehicles",
  code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
  code_challenge_method: "S256",
  state,
  nonce,
})) {
  address.searchParams.set(name, value);
}
const cameBackTo = new URL(await person({ open: address.href }));
const answer = oauth.validateAuthResponse(server, client, cameBackTo, state);
const codeResponse = await oauth.authorizationCodeGrantRequest(
  server, client, proof, answer, facts.redirect_uri, verifier, plain,
);
const first = await oauth.processAuthorizationCodeResponse(server, client, codeResponse, {
  expectedNonce: nonce,
  requireIdToken: true,
});
await oauth.validateApplicationLevelSignature(server, codeResponse, plain);
const { sub } = oauth.getValidatedIdTokenClaims(first);
check(sub, "code with PKCE");

const told = await oauth.processUserInfoResponse(
  server, client, sub, await oauth.userInfoRequest(server, client, first.access_token, plain),
);
check(told.email === facts.email, "userinfo");

async function renew(token) {
  const response = await oauth.refreshTokenGrantRequest(server, client, proof, token, plain);
  return oauth.processRefreshTokenResponse(server, client, response);
}

async function introspect(token) {
  const response = await oauth.introspectionRequest(server, client, proof, token, plain);
  return oauth.processIntrospectionResponse(server, client, response);
}

const second = await renew(first.refresh_token);
check(second.refresh_token !== first.refresh_token, "refresh with rotation");

if (facts.secret) {
  const known = await introspect(second.access_token);
  check(known.active === true && known.sub === sub, "introspection");
} else {
  // 401 with a challenge: the library tells of the challenge and not of the error in the body
  check((await refusal(() => introspect(second.access_token))) === "OAUTH_WWW_AUTHENTICATE_CHALLENGE", "introspection");
}

check((await refusal(() => renew(first.refresh_token))) === "invalid_grant", "reuse is refused");
check((await refusal(() => renew(second.refresh_token))) === "invalid_grant", "reuse ends the family");

const waiting = await oauth.processDeviceAuthorizationResponse(
  server, client, await oauth.deviceAuthorizationRequest(server, client, proof, { scope: "openid vehicles" }, plain),
);
async function poll() {
  const response = await oauth.deviceCodeGrantRequest(server, client, proof, waiting.device_code, plain);
  return oauth.processDeviceCodeResponse(server, client, response);
}
check((await refusal(poll)) === "authorization_pending", "a device waits");
await person({ let_in: waiting.verification_uri_complete });
const device = await poll();
check(oauth.getValidatedIdTokenClaims(device).sub === sub, "device flow");

await oauth.processRevocationResponse(
  await oauth.revocationRequest(server, client, proof, device.refresh_token, plain),
);
check((await refusal(() => renew(device.refresh_token))) === "invalid_grant", "revocation");

const goodbye = new URL(server.end_session_endpoint);
goodbye.searchParams.set("id_token_hint", second.id_token);
goodbye.searchParams.set("post_logout_redirect_uri", facts.goodbye_uri);
goodbye.searchParams.set("state", "bye");
check((await person({ open: goodbye.href })) === `${facts.goodbye_uri}?state=bye`, "end-session");
process.exit(0);
