// FranceConnect, played: panva's certified OpenID Connect provider, configured as the real one is (its accepted
// parameters, lifetimes, algorithms, pairwise subjects), with people to sign in as, and faults on request.
//
// An ordinary provider, as organisations have them for their own people, when it is not "strict".
//
//   node provider.mjs '{"port": 9000, "clients": [...], "people": {"bob": {...}}, "strict": true}'

import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { errors, Provider } from 'oidc-provider';
import { exportJWK, generateKeyPair } from 'jose';

const { port, clients, people, strict } = JSON.parse(process.argv[2]);
const issuer = `http://127.0.0.1:${port}/api/v2`;
const faults = new Set();
const { privateKey } = await generateKeyPair('ES256', { extractable: true });
const key = { ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig', kid: randomUUID() };

const provider = new Provider(issuer, {
  clients,
  clockTolerance: 0,
  fetch: (url, options) => fetch(url, { ...options, dispatcher: undefined }), // also from this very machine
  jwks: { keys: [key] },
  acrValues: ['eidas1', 'eidas2', 'eidas3'],
  claims: {
    openid: ['sub'],
    given_name: ['given_name'],
    family_name: ['family_name'],
    preferred_username: ['preferred_username'],
    birthdate: ['birthdate'],
    email: ['email', 'email_verified'],
    profile: ['given_name', 'family_name'],
    amr: null,
    acr: null,
    auth_time: null,
  },
  conformIdTokenClaims: true,
  responseTypes: ['code'],
  clientAuthMethods: ['client_secret_post', 'private_key_jwt'],
  subjectTypes: ['pairwise'],
  pairwiseIdentifier: (ctx, account, client) => `${Buffer.from(client.clientId + account).toString('hex')}v1`,
  pkce: { required: () => false },
  ttl: {
    AuthorizationCode: 30,
    AccessToken: () => (faults.has('late token') ? 1 : 60),
    IdToken: () => 60,
    Interaction: 600,
    Session: 1800,
    Grant: 1800,
  },
  enabledJWA: {
    idTokenSigningAlgValues: ['ES256'],
    userinfoSigningAlgValues: ['ES256'],
    idTokenEncryptionAlgValues: ['ECDH-ES', 'RSA-OAEP-256'],
    idTokenEncryptionEncValues: ['A256GCM'],
    userinfoEncryptionAlgValues: ['ECDH-ES', 'RSA-OAEP-256'],
    userinfoEncryptionEncValues: ['A256GCM'],
  },
  features: {
    devInteractions: { enabled: false },
    encryption: { enabled: true },
    jwtUserinfo: { enabled: true },
    revocation: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => {
        ctx.body = page(`${form}<button form="op.logoutForm" name="logout" value="yes">Se déconnecter</button>`);
      },
    },
  },
  routes: { authorization: '/authorize', token: '/token', userinfo: '/userinfo', jwks: '/jwks', end_session: '/session/end' },
  interactions: { url: (ctx, { uid }) => `/interaction/${uid}` },
  findAccount: (ctx, login) => ({ accountId: login, claims: () => ({ sub: login, ...people[login] }) }),
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId,
      accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope('openid given_name family_name preferred_username birthdate email profile');
    await grant.save();
    return grant;
  },
  renderError: (ctx, out) => {
    ctx.type = 'html';
    ctx.body = page(`<p>${out.error}: ${out.error_description ?? ''}</p>`);
  },
});

const ACCEPTED = 'client_id redirect_uri response_type scope acr_values nonce state claims prompt idp_hint ui_locales'.split(' ');

provider.use(async (ctx, next) => {
  if (ctx.path === '/authorize' && strict) {
    // What FranceConnect asks for beyond the standard.
    const unknown = Object.keys(ctx.query).filter((name) => !ACCEPTED.includes(name));
    const short = (ctx.query.nonce ?? '').length < 22 || !ctx.query.state || !ctx.query.acr_values;
    if (unknown.length || short) {
      ctx.status = 400;
      ctx.body = page(`<p>Y000400: ${unknown.join(' ') || 'acr_values, state, nonce'}</p>`);
      return;
    }
    if (faults.has('wrong nonce')) ctx.query = { ...ctx.query, nonce: 'n'.repeat(43) };
  }
  if (ctx.path === '/userinfo' && faults.has('late token')) await new Promise((done) => setTimeout(done, 2100));
  await next();
  if (ctx.path === '/userinfo' && faults.has('tampered userinfo')) ctx.body = tampered(ctx.body);
});

function tampered(token) {
  const parts = token.split('.');
  const at = parts.length === 5 ? 3 : 1; // the ciphertext, or the claims
  const bytes = Buffer.from(parts[at], 'base64url');
  bytes[bytes.length >> 1] ^= 1;
  parts[at] = bytes.toString('base64url');
  return parts.join('.');
}

function page(content) {
  return `<!doctype html><html lang="fr"><meta charset="utf-8"><title>FranceConnect, joué</title>
<link rel="icon" href="data:,"><body><main><h1>FranceConnect, joué pour l’essai</h1>${content}</main></body></html>`;
}

async function interact(req, res) {
  const { uid, prompt, params } = await provider.interactionDetails(req, res);
  const url = new URL(req.url, issuer);
  const login = url.searchParams.get('login');
  if (url.pathname.endsWith('/abort')) {
    return provider.interactionFinished(req, res, { error: 'access_denied', error_description: 'User abort' });
  }
  if (!login) {
    const links = Object.entries(people).map(
      ([name, claims]) => `<li><a href="/interaction/${uid}?login=${name}">${claims.given_name} ${claims.family_name}</a></li>`,
    );
    res.setHeader('content-type', 'text/html; charset=utf-8');
    return res.end(page(`<p>Qui êtes-vous ?</p><ul>${links.join('')}</ul><p><a href="/interaction/${uid}/abort">Annuler</a></p>`));
  }
  if (prompt.name !== 'login') throw new errors.InvalidRequest(`unexpected ${prompt.name}`);
  const acr = faults.has('wrong acr') ? 'eidas1' : params.acr_values?.split(' ')[0];
  const amr = people[login].amr ?? ['pwd'];
  return provider.interactionFinished(req, res, { login: { accountId: login, acr, amr, remember: false } });
}

function control(req, res) {
  const fault = decodeURIComponent(req.url.slice('/faults/'.length));
  faults.clear();
  if (fault) faults.add(fault);
  res.statusCode = 204;
  res.end();
}

const answer = provider.callback();
http
  .createServer((req, res) => {
    if (req.url.startsWith('/faults/')) return control(req, res);
    if (req.url.startsWith('/interaction/')) {
      return interact(req, res).catch((error) => {
        res.statusCode = 400;
        res.end(page(`<p>${error.message}</p>`));
      });
    }
    req.originalUrl = req.url; // by which the provider learns that it is mounted below the issuer's path
    if (req.url.startsWith('/api/v2')) req.url = req.url.slice('/api/v2'.length);
    return answer(req, res);
  })
  .listen(port, '127.0.0.1', () => console.log(`listening on ${issuer}`));
