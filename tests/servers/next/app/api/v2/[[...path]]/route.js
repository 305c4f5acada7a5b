const taken = (request) => new Response(`${request.method} taken`, { headers: { 'Content-Type': 'text/plain' } });

export { taken as GET, taken as POST, taken as PUT };
