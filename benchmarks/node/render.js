// QuickChart's GET /qr (lib/qr.js of github.com/typpo/quickchart) on Fastify: the port is the argument.
// Its server is on no registry and takes parts of itself from GitHub, so its own call is made here.
'use strict';

const fastify = require('fastify');
const qrcode = require('qrcode');

const web = fastify();

web.get('/qr', async (request, reply) => {
  const { text, size, margin = 4, ecLevel } = request.query;
  const width = Math.min(3000, parseInt(size, 10)) || 150;
  const options = { type: 'png', margin, width, errorCorrectionLevel: ecLevel, color: { dark: '000', light: 'fff' } };
  const url = await qrcode.toDataURL(text, options);
  return reply.type('image/png').send(Buffer.from(url.split(',')[1], 'base64'));
});

web.listen({ port: Number(process.argv[2]) });
