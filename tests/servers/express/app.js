// An old API that POST alone finds. `node app.js PORT [https]`: with the second word, whatever no route took moves to HTTPS.
const express = require('express');

const [port, https] = process.argv.slice(2);
const app = express();

app.post('/api/v1/submit', (request, response) => response.redirect(307, '/api/v2/submit'));

if (https) {
  app.use((request, response) => response.redirect(307, `https://${request.headers.host}${request.url}`));
} else {
  app.post('/api/v2/submit', (request, response) => response.send('taken'));
}

const server = app.listen(Number(port), '127.0.0.1', (error) => {
  if (error) throw error;
  console.log(`listening on ${server.address().port}`);
});
