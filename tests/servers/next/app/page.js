export default function Home() {
  return <p>The API is at /api/v2.</p>;
}
