// Verifies credentials as somebody does who knows Tribune by its public documents alone. On stdin: {tokens, keys: the address of a JWKS, documents: by address their text}; on stdout a verdict of each token, as a list.
import { createLocalJWKSet, jwtVerify } from "jose";
import { gunzipSync } from "node:zlib";

const { tokens, keys, documents } = JSON.parse(await new Response(process.stdin).text());
const keySet = createLocalJWKSet(JSON.parse(documents[keys]));

async function verified(token, type) {
  const { payload } = await jwtVerify(token, keySet, { algorithms: ["EdDSA"], requiredClaims: ["iss", "sub", "nbf", "exp", "jti"] });
  const issuer = payload.issuer.id ?? payload.issuer;
  const agree = [[payload.iss, issuer], [payload.jti, payload.id], [payload.sub, payload.credentialSubject.id],
    [payload.nbf * 1000, Date.parse(payload.validFrom)], [payload.exp * 1000, Date.parse(payload.validUntil)]];
  if (!agree.every(([claim, said]) => claim === said)) throw new Error("claims and credential differ");
  if (!payload.type.includes(type)) throw new Error("another type");
  return payload;
}

async function verdict(token) {
  try {
    const { credentialStatus: status, iss } = await verified(token, "OpenBadgeCredential");
    const list = await verified(documents[status.statusListCredential], "BitstringStatusListCredential");
    if (list.iss !== iss || list.credentialSubject.statusPurpose !== status.statusPurpose) throw new Error("not its list");
    const bits = gunzipSync(Buffer.from(list.credentialSubject.encodedList.slice(1), "base64url"));
    const index = Number(status.statusListIndex);
    if (index >= bits.length * 8) throw new Error("beyond the list");
    return bits[index >> 3] & (0x80 >> (index & 7)) ? "revoked" : "valid";
  } catch (error) {
    return `not valid: ${error.code ?? error.message}`;
  }
}

console.log(JSON.stringify(await Promise.all(tokens.map(verdict))));
