// Writes the golden payloads as TypeScript, to be checked against Slack's own types:
// node golden.mjs <folder of golden files> <file to write>
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

const [folder, out] = process.argv.slice(2)
const lines = [
  "import type { HomeView, ModalView } from '@slack/types'",
  "import type { ChatPostEphemeralArguments, ChatPostMessageArguments, ChatUpdateArguments } from '@slack/web-api'",
]
const write = (name, type, value) => lines.push(`export const ${name}: ${type} = ${JSON.stringify(value)}`)

for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
  const { broadcast, ...payload } = JSON.parse(readFileSync(`${folder}/${file}`, 'utf8'))
  const name = file.replace(/\W/g, '_')
  const view = { modal: 'ModalView', home: 'HomeView' }[payload.type]
  if (view) {
    write(name, view, payload)
    continue
  }
  const metadata = { event_type: 'supporty_message', event_payload: { id: '1', version: '1' } }
  write(`post_${name}`, 'ChatPostMessageArguments', { channel: 'C1', unfurl_links: false, unfurl_media: false, metadata, ...payload })
  write(`update_${name}`, 'ChatUpdateArguments', { channel: 'C1', ts: '1.2', metadata, ...payload })
  write(`ephemeral_${name}`, 'ChatPostEphemeralArguments', { channel: 'C1', user: 'U1', ...payload })
}
if (lines.length < 100) throw new Error(`only ${lines.length} payloads in ${folder}`)
writeFileSync(out, lines.join('\n') + '\n')
