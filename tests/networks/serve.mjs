// Starts a real Bluesky server (PDS and PLC, no database server) for the tests of our collector.
// usage: node serve.mjs PORT; prints "ready" once it answers, and lives until its input ends.
import { TestNetworkNoAppView } from '@atproto/dev-env'

const port = Number(process.argv[2])
const network = await TestNetworkNoAppView.create({
  pds: { port, hostname: 'localhost', inviteRequired: false },
  plc: { port: port + 1 },
})
console.log('ready')
process.stdin.on('end', async () => {
  await network.close()
  process.exit(0)
})
process.stdin.resume()
