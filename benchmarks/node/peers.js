// The npm peers: one job a line on standard input as JSON, one answer a line on standard output.
'use strict';

const readline = require('node:readline');
const { JSDOM } = require('jsdom');
const canvas = require('@napi-rs/canvas');
const { Resvg } = require('@resvg/resvg-js');
const { QRCodeStyling } = require('qr-code-styling/lib/qr-code-styling.common.js');
const qrcode = require('qrcode');
const sharp = require('sharp');

// Each takes a text and the job's options, and returns a PNG (or, for "matrix", the symbol).
const WORK = {
  qrcode: (text, { level, scale }) =>
    qrcode.toBuffer(text, { errorCorrectionLevel: level, scale, margin: 4 }),
  matrix: (text, { level }) => qrcode.create(text, { errorCorrectionLevel: level }),
  styled: (text, options) =>
    new QRCodeStyling({ ...options, jsdom: JSDOM, nodeCanvas: canvas, type: 'canvas', data: text }).getRawData('png'),
  resvg: (svg) => new Resvg(svg).render().asPng(),
  sharp: (svg) => sharp(Buffer.from(svg)).png().toBuffer(),
};

async function timed({ work, options, texts, seconds }) {
  const start = process.hrtime.bigint();
  const end = start + BigInt(Math.round(seconds * 1e9));
  let calls = 0;
  let now = start;
  while (!calls || now < end) {
    await WORK[work](texts[calls % texts.length], options);
    calls += 1;
    now = process.hrtime.bigint();
  }
  return { microseconds: Number(now - start) / 1e3 / calls };
}

async function drawn({ work, options, texts }) {
  const made = await WORK[work](texts[0], options);
  if (work === 'matrix') return { size: made.modules.size };
  return { data: Buffer.from(made).toString('base64') };
}

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const job = JSON.parse(line);
    let answer;
    try {
      answer = await (job.seconds ? timed(job) : drawn(job));
    } catch (error) {
      answer = { error: String(error) };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}

main();
