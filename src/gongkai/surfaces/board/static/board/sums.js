// SHA-256, SHA-512 and Ed25519 verification, after FIPS 180-4 and RFC 8032, for browsers that do not
// bring them: WebCrypto is there only over https, and Ed25519 only since 2023 to 2025. Nothing here
// is secret, so nothing need take constant time; it is written to be read. Tested with the vectors
// of RFC 8032 and against the browser's own.
(function () {
  "use strict";
  const MASK = (1n << 64n) - 1n;

  // -- constants: the first bits of the fractional parts of roots of primes, computed, not listed ---

  /** The largest integer whose `power`th power is not above `value`. */
  function root(value, power) {
    let low = 0n, high = 1n << 80n;
    while (high - low > 1n) {
      const middle = (low + high) >> 1n;
      if (middle ** power <= value) low = middle; else high = middle;
    }
    return low;
  }
  const primes = [];
  for (let n = 2; primes.length < 80; n += 1) if (primes.every(function (p) { return n % p; })) primes.push(n);
  const K512 = primes.map(function (p) { return root(BigInt(p) << 192n, 3n) & MASK; });
  const H512 = primes.slice(0, 8).map(function (p) { return root(BigInt(p) << 128n, 2n) & MASK; });
  function upper(word) { return Number(word >> 32n); } // SHA-256 has the upper halves of the same
  const K256 = K512.slice(0, 64).map(upper), H256 = H512.map(upper);

  /** The message with a one, noughts and its length in bits, in whole blocks. */
  function padded(bytes, block) {
    const whole = new Uint8Array(Math.ceil((bytes.length + 1 + block / 8) / block) * block);
    whole.set(bytes);
    whole[bytes.length] = 0x80;
    new DataView(whole.buffer).setBigUint64(whole.length - 8, BigInt(bytes.length) * 8n);
    return new DataView(whole.buffer);
  }

  function sha256(bytes) {
    const view = padded(bytes, 64), h = Int32Array.from(H256), w = new Int32Array(64);
    function turn(x, n) { return (x >>> n) | (x << (32 - n)); }
    for (let at = 0; at < view.byteLength; at += 64) {
      for (let t = 0; t < 16; t += 1) w[t] = view.getInt32(at + 4 * t);
      for (let t = 16; t < 64; t += 1) {
        const x = w[t - 15], y = w[t - 2];
        w[t] = w[t - 16] + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) + w[t - 7] +
          (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10));
      }
      let [a, b, c, d, e, f, g, i] = h;
      for (let t = 0; t < 64; t += 1) {
        const one = (i + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K256[t] + w[t]) | 0;
        const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        i = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
      }
      [a, b, c, d, e, f, g, i].forEach(function (word, n) { h[n] += word; });
    }
    const found = new DataView(new ArrayBuffer(32));
    h.forEach(function (word, n) { found.setInt32(4 * n, word); });
    return new Uint8Array(found.buffer);
  }

  /** For short messages only: whole numbers without end are slow, and easy to follow. */
  function sha512(bytes) {
    const view = padded(bytes, 128), h = H512.slice(), w = [];
    function turn(x, n) { return ((x >> n) | (x << (64n - n))) & MASK; }
    for (let at = 0; at < view.byteLength; at += 128) {
      for (let t = 0; t < 16; t += 1) w[t] = view.getBigUint64(at + 8 * t);
      for (let t = 16; t < 80; t += 1) {
        const x = w[t - 15], y = w[t - 2];
        w[t] = (w[t - 16] + (turn(x, 1n) ^ turn(x, 8n) ^ (x >> 7n)) + w[t - 7] +
          (turn(y, 19n) ^ turn(y, 61n) ^ (y >> 6n))) & MASK;
      }
      let [a, b, c, d, e, f, g, i] = h;
      for (let t = 0; t < 80; t += 1) {
        const one = i + (turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n)) + ((e & f) ^ ((MASK ^ e) & g)) + K512[t] + w[t];
        const two = (turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c));
        i = g; g = f; f = e; e = (d + one) & MASK; d = c; c = b; b = a; a = (one + two) & MASK;
      }
      [a, b, c, d, e, f, g, i].forEach(function (word, n) { h[n] = (h[n] + word) & MASK; });
    }
    const found = new DataView(new ArrayBuffer(64));
    h.forEach(function (word, n) { found.setBigUint64(8 * n, word); });
    return new Uint8Array(found.buffer);
  }

  // -- Ed25519 ------------------------------------------------------------------------------------

  const P = (1n << 255n) - 19n;
  const ORDER = (1n << 252n) + 27742317777372353535851937790883648493n;
  const D = mod(-121665n * power(121666n, P - 2n));
  const ROOT = power(2n, (P - 1n) / 4n); // of -1
  const ZERO = [0n, 1n, 1n, 0n], BASE = point(mod(4n * power(5n, P - 2n)), 0n);

  function mod(n) { const rest = n % P; return rest < 0n ? rest + P : rest; }
  function power(base, exponent) {
    let result = 1n;
    for (let square = base; exponent; exponent >>= 1n, square = mod(square * square)) {
      if (exponent & 1n) result = mod(result * square);
    }
    return result;
  }
  /** The point [X, Y, Z, T] with this y whose x is odd or even as asked; null when there is none. */
  function point(y, odd) {
    if (y >= P) return null;
    const square = mod((y * y - 1n) * power(mod(D * y * y + 1n), P - 2n));
    let x = power(square, (P + 3n) / 8n);
    if (mod(x * x) !== square) x = mod(x * ROOT);
    if (mod(x * x) !== square || (x === 0n && odd)) return null;
    if ((x & 1n) !== odd) x = P - x;
    return [x, y, 1n, mod(x * y)];
  }
  function sum(p, q) {
    const a = mod((p[1] - p[0]) * (q[1] - q[0])), b = mod((p[1] + p[0]) * (q[1] + q[0]));
    const c = mod(2n * D * p[3] * q[3]), d = mod(2n * p[2] * q[2]);
    const e = b - a, f = d - c, g = d + c, h = b + a;
    return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
  }
  function times(n, p) {
    let result = ZERO;
    for (; n; n >>= 1n, p = sum(p, p)) if (n & 1n) result = sum(result, p);
    return result;
  }
  function number(bytes) { // the first byte is the smallest
    return Array.from(bytes).reduceRight(function (n, byte) { return (n << 8n) | BigInt(byte); }, 0n);
  }
  function decoded(bytes) {
    const n = number(bytes);
    return point(n & ((1n << 255n) - 1n), n >> 255n);
  }

  /** Whether `signature` (64 bytes) is by the holder of `key` (32 bytes) and of `message`. */
  function ed25519(key, signature, message) {
    if (key.length !== 32 || signature.length !== 64) return false;
    const first = signature.subarray(0, 32), s = number(signature.subarray(32)), a = decoded(key);
    if (!a || s >= ORDER) return false;
    const whole = new Uint8Array(64 + message.length);
    whole.set(first);
    whole.set(key, 32);
    whole.set(message, 64);
    const k = number(sha512(whole)) % ORDER, minus = [mod(-a[0]), a[1], a[2], mod(-a[3])];
    const made = sum(times(s, BASE), times(k, minus)), inverse = power(made[2], P - 2n);
    const x = mod(made[0] * inverse), y = mod(made[1] * inverse);
    return number(first) === (y | ((x & 1n) << 255n));
  }

  window.gongkai = Object.assign(window.gongkai || {}, {
    sums: { sha256: sha256, sha512: sha512, ed25519: ed25519 },
  });
})();
