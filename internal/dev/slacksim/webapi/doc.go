// Package webapi is Slack's Web API, as far as a support desk calls it, with what it
// hands out: trigger ids, response_urls, uploads and downloads.
// https://docs.slack.dev/reference/methods
package webapi
