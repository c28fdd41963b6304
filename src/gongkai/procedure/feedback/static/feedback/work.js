// The work that a confirmation page asks for (feedback/work.py), in a thread of its own: for each of
// eight places the first number with which SHA-256("question:place:number") begins with so many zero
// bits. What is hashed fits into one block; only the first word of the digest is looked at.
(function () {
  "use strict";
  var PIECES = 8, primes = [], K = [], BEGIN = [];
  for (var n = 2; primes.length < 64; n++) {
    if (primes.every(function (prime) { return n % prime; })) primes.push(n);
  }
  function fraction(x) { return ((x - Math.floor(x)) * 4294967296) | 0; }
  primes.forEach(function (prime, at) {
    K.push(fraction(Math.cbrt(prime)));
    if (at < 8) BEGIN.push(fraction(Math.sqrt(prime)));
  });
  var words = new Int32Array(64);
  function turned(x, by) { return (x >>> by) | (x << (32 - by)); }
  function first(text) {
    words.fill(0, 0, 16);
    for (var i = 0; i < text.length; i++) words[i >> 2] |= text.charCodeAt(i) << (24 - 8 * (i & 3));
    words[text.length >> 2] |= 0x80 << (24 - 8 * (text.length & 3));
    words[15] = 8 * text.length;
    for (i = 16; i < 64; i++) {
      var near = words[i - 2], far = words[i - 15];
      words[i] = words[i - 16] + (turned(far, 7) ^ turned(far, 18) ^ (far >>> 3)) +
        words[i - 7] + (turned(near, 17) ^ turned(near, 19) ^ (near >>> 10));
    }
    var a = BEGIN[0], b = BEGIN[1], c = BEGIN[2], d = BEGIN[3];
    var e = BEGIN[4], f = BEGIN[5], g = BEGIN[6], h = BEGIN[7];
    for (i = 0; i < 64; i++) {
      var one = (h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + words[i]) | 0;
      var two = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
    }
    return (BEGIN[0] + a) >>> 0;
  }
  self.onmessage = function (event) {
    var asked = event.data, found = [];
    for (var place = 0; place < PIECES; place++) {
      var number = 0, before = asked.question + ":" + place + ":";
      while (first(before + number) >>> (32 - asked.bits)) number++;
      found.push(number);
    }
    self.postMessage(found.join(" "));
  };
})();
