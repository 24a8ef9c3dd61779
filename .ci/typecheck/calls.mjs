// Writes what the tests have called in Slack as TypeScript, to be checked against Slack's
// own types: node calls.mjs <folder of calls> <file to write>
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

const [folder, out] = process.argv.slice(2)

// A call is a form, in which everything is text; the types want what the text stands for.
const structured = new Set(['blocks', 'attachments', 'metadata', 'view', 'files', 'outputs'])
const numbers = new Set(['limit', 'length', 'count', 'page'])
const flags = new Set(['include_all_metadata', 'inclusive'])
const parsed = (key, text) => {
  if (structured.has(key)) return JSON.parse(text)
  if (numbers.has(key)) return Number(text)
  if (flags.has(key)) return text === '1' || text === 'true'
  return text === 'true' || text === 'false' ? text === 'true' : text
}

// What is beside the Web API, and what Slack's package names otherwise.
const apart = new Set(['response_url', 'files.download', 'files.upload_bytes', 'apps.connections.open'])
const nameOf = (method) => method.split('.').map((part) => part[0].toUpperCase() + part.slice(1)).join('') + 'Arguments'

// Slack's page and slack-go call the words for a picture alt_txt; the package's types call them alt_text.
// https://docs.slack.dev/reference/methods/files.getUploadURLExternal
const typed = { 'files.getUploadURLExternal': { alt_txt: 'alt_text' } }

// Calls that differ in their words alone are one call.
const shape = (value) => {
  if (Array.isArray(value)) return [...new Set(value.map((v) => JSON.stringify(shape(v))))].sort()
  if (value === null || typeof value !== 'object') return typeof value
  return Object.fromEntries(Object.entries(value).sort().map(([k, v]) => [k, k === 'type' || k === 'style' ? v : shape(v)]))
}

const calls = new Map()
for (const file of readdirSync(folder)) {
  for (const line of readFileSync(`${folder}/${file}`, 'utf8').split('\n').filter(Boolean)) {
    const { method, args } = JSON.parse(line)
    if (apart.has(method)) continue
    const value = Object.fromEntries(Object.entries(args ?? {}).map(([key, text]) => [typed[method]?.[key] ?? key, parsed(key, text)]))
    const key = method + JSON.stringify(shape(value))
    if (!calls.has(key)) calls.set(key, { method, value })
  }
}

const all = [...calls.values()]
const names = [...new Set(all.map(({ method }) => nameOf(method)))].sort()
if (names.length < 10) throw new Error(`only ${names.length} methods in ${folder}`)
const lines = [`import type { ${names.join(', ')} } from '@slack/web-api'`]
all.forEach(({ method, value }, i) => lines.push(`export const call${i}: ${nameOf(method)} = ${JSON.stringify(value)}`))
writeFileSync(out, lines.join('\n') + '\n')
console.log(`${all.length} kinds of calls of ${names.length} methods`)
