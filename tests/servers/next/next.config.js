/** @type {import('next').NextConfig} */
module.exports = {
  redirects: async () => [
    { source: '/api/v1/:path*', destination: '/api/v2/:path*', permanent: false },
  ],
};
