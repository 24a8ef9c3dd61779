/**
 * What the control API sends, as API.md describes it, for the compiler. Nothing here runs.
 *
 * @typedef {import('./session.js').Session} Session
 * @typedef {import('./richtext.js').Reader} Reader
 *
 * @typedef {object} Person
 * @property {string} id
 * @property {string} name
 * @property {string} real_name
 * @property {string} [tz]
 * @property {boolean} [bot]
 * @property {boolean} [admin]
 * @property {boolean} [restricted]
 * @property {boolean} [ultra_restricted]
 * @property {boolean} [deactivated]
 * @property {string} [status_text]
 * @property {string} [status_emoji]
 * @property {string} [presence]
 * @property {View} [home]
 * @property {View[]} [modals]
 *
 * @typedef {object} Channel
 * @property {string} id
 * @property {string} [name] none for a direct message
 * @property {boolean} [private]
 * @property {boolean} [im]
 * @property {boolean} [mpim]
 * @property {boolean} [archived]
 * @property {string} [topic]
 * @property {string} [purpose] its description
 * @property {{id: string, title: string, link: string}[]} [bookmarks] links at its top
 * @property {string[]} members
 * @property {number} [unread]
 * @property {number} [mentions]
 *
 * @typedef {{id: string, handle: string, name: string, members: string[], disabled?: boolean}} Usergroup
 * @typedef {{name: string, description?: string, hint?: string}} Command
 * @typedef {{callback: string, name: string, global?: boolean}} Shortcut
 * @typedef {{name: string, title: string, hint?: string, person?: boolean, required?: boolean}} StepInput
 * @typedef {{callback: string, name: string, inputs?: StepInput[]}} WorkflowStep
 * @typedef {{execution: string, callback: string, done: boolean, outputs?: Record<string, string>, error?: string}} StepRun
 *
 * @typedef {object} Summary
 * @property {number} seq
 * @property {string} now
 * @property {number} sockets
 * @property {{id: string, name: string, domain: string}} team
 * @property {string} bot_user_id
 * @property {Person[]} people
 * @property {Channel[]} channels
 * @property {Record<string, number>} notified
 * @property {Usergroup[]} usergroups
 * @property {Command[]} commands
 * @property {Shortcut[]} shortcuts
 * @property {WorkflowStep[]} [steps] that the app offers for workflows
 * @property {StepRun[]} [runs] of steps, the newest last
 * @property {boolean} home
 * @property {boolean} time
 * @property {string[]} toggles
 * @property {{name: string, url: string}[]} links
 *
 * @typedef {object} KeptFile
 * @property {string} id
 * @property {string} name
 * @property {string} [title]
 * @property {string} [mimetype]
 * @property {string} [filetype]
 * @property {number} [size]
 * @property {string} [user]
 * @property {string} [mode]
 * @property {boolean} [is_external]
 * @property {string} [external_type]
 * @property {string} [url_private]
 *
 * @typedef {object} MessageData
 * @property {string} channel
 * @property {string} ts
 * @property {string} [thread_ts]
 * @property {string} user "" if another app posted it
 * @property {string} [bot_id]
 * @property {string} [username]
 * @property {string} [subtype]
 * @property {string} text
 * @property {Block[]} [blocks]
 * @property {any[]} [attachments]
 * @property {KeptFile[]} [files]
 * @property {{user: string, ts: string}} [edited]
 * @property {{name: string, users: string[]}[]} [reactions]
 * @property {boolean} [broadcast]
 * @property {number} [reply_count]
 * @property {string[]} [reply_users]
 * @property {string} [latest_reply]
 * @property {string[]} [followers]
 * @property {string} [only_for]
 *
 * @typedef {Record<string, any>} Block a block, or an element of one, as the app sent it
 *
 * @typedef {object} View
 * @property {string} id
 * @property {string} type
 * @property {string} hash
 * @property {Record<string, any>} body
 * @property {Record<string, Record<string, any>>} values
 * @property {Record<string, string>} [errors]
 * @property {string} [banner]
 *
 * @typedef {object} Notification
 * @property {number} seq
 * @property {string} person
 * @property {string} channel
 * @property {string} ts
 * @property {string} [thread_ts]
 * @property {string} from
 * @property {string} why
 * @property {string} text
 *
 * @typedef {object} Change
 * @property {number} seq
 * @property {string} now
 * @property {MessageData[]} [messages]
 * @property {{channel: string, ts: string}[]} [gone]
 * @property {Notification[]} [notified]
 * @property {boolean} [summary]
 * @property {boolean} [time]
 * @property {boolean} [faults]
 * @property {boolean} [reset]
 *
 * @typedef {{business: string, real: string, rate: number, next_deadline?: string}} TimeState
 * @typedef {{done: number, total: number, what?: string}} Progress
 * @typedef {{as: string, channel: string, thread: string, tab: string, pane: string}} Route
 */
export {};
