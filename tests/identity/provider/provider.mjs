// An OpenID Connect provider with made-up people, for tests. SETUP says who they are and what clients there are; a line
// on stdout says where it listens. It asks for no password: whom a browser names is who signs in.
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { exportJWK, generateKeyPair } from "jose";
import * as oidc from "oidc-provider";

const { users, portal, loopback, backchannel } = JSON.parse(process.env.SETUP);
const Provider = oidc.Provider ?? oidc.default;
const API = "urn:kaigong:api";

const keys = [];
for (const alg of ["RS256", "ES256"]) {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  keys.push({ ...(await exportJWK(privateKey)), alg, use: "sig", kid: alg });
}

let provider;
const asked = async (request) => Object.fromEntries(new URLSearchParams(await text(request)));
const server = createServer(async (request, response) => {
  const path = request.url.split("?")[0];
  try {
    if (path.startsWith("/interaction/") && request.method === "POST") {
      const { username, amr } = await asked(request);
      const login = { accountId: username, acr: amr ? "urn:city:two" : "urn:city:one", amr: ["pwd", ...(amr ? [amr] : [])] };
      return await provider.interactionFinished(request, response, { login, consent: {} }, { mergeWithLastSubmission: false });
    }
    if (path.startsWith("/interaction/")) return response.end("<form method=post><input name=username></form>");
    if (path === "/tests/user") {
      const { username, ...changed } = await asked(request);
      for (const [name, value] of Object.entries(changed)) users[username][name] = JSON.parse(value);
      return response.end();
    }
    provider.callback()(request, response);
  } catch (error) {
    response.statusCode = 500;
    response.end(String(error));
  }
});

server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  provider = new Provider(issuer, {
    jwks: { keys },
    clients: [
      {
        client_id: "portal",
        client_secret: "the portal's, %+ &",
        redirect_uris: [`${portal}/signed-in`],
        post_logout_redirect_uris: [`${portal}/`],
        grant_types: ["authorization_code", "refresh_token"],
        id_token_signed_response_alg: "ES256",
        backchannel_logout_uri: backchannel,
        backchannel_logout_session_required: true,
      },
      {
        client_id: "command",
        token_endpoint_auth_method: "none",
        application_type: "native",
        redirect_uris: [loopback],
        grant_types: ["authorization_code", "refresh_token"],
      },
      {
        client_id: "water-system",
        client_secret: "the water department's",
        redirect_uris: [],
        response_types: [],
        grant_types: ["client_credentials"],
      },
    ],
    claims: {
      openid: ["sub", "amr"],
      acr: null,
      amr: null,
      sid: null,
      auth_time: null,
      profile: ["name", "preferred_username"],
      city: ["realm", "uscc", "unit"],
    },
    scopes: ["openid", "offline_access", "department"],
    acrValues: ["urn:city:one", "urn:city:two"],
    conformIdTokenClaims: false,
    cookies: { keys: ["for tests alone"] },
    pkce: { required: () => true },
    issueRefreshToken: (_, client) => client.grantTypeAllowed("refresh_token"),
    async findAccount(_, id) {
      const user = users[id];
      if (!user || user.disabled) return undefined;
      const { disabled, ...claims } = user;
      return { accountId: id, claims: async () => ({ sub: id, preferred_username: id, ...claims }) };
    },
    async loadExistingGrant(ctx) {
      const grant = new provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope("openid profile city offline_access");
      await grant.save();
      return grant;
    },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      revocation: { enabled: true },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: (ctx) => (ctx.oidc.params?.grant_type === "client_credentials" ? API : undefined),
        getResourceServerInfo: () => ({ scope: "department", audience: API, accessTokenFormat: "jwt" }),
      },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => {
          ctx.body = `${form}<button form="op.logoutForm" name="logout" value="yes">yes</button>`;
        },
      },
    },
    fetch: (url, options) => globalThis.fetch(url, { ...options, dispatcher: undefined }), // its own refuses this machine
  });
  process.stdout.write(`${issuer}\n`);
});
process.stdin.resume().on("end", () => process.exit());
