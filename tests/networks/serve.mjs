// Starts a real Bluesky network (PDS, PLC and AppView) for the tests of our collector.
// usage: REDIS_HOST=… node serve.mjs PORT DATABASE_URL; prints "ready" once it answers, and lives
// until its input ends.
import { TestNetwork } from '@atproto/dev-env'

const port = Number(process.argv[2])
const network = await TestNetwork.create({
  dbPostgresUrl: process.argv[3],
  dbPostgresSchema: 'tests',
  pds: { port, hostname: 'localhost', inviteRequired: false },
  plc: { port: port + 1 },
})
console.log('ready')
process.stdin.on('end', async () => {
  await network.close()
  process.exit(0)
})
process.stdin.resume()
