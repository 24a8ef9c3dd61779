// Package people is what people do in the workspace: they write, react, press, choose,
// fill forms in, come and go. It shows them what Slack would show them.
package people
