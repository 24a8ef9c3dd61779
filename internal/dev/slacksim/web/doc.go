// Package web is the browser page of the simulated Slack: a chat client in
// plain ES modules and CSS, embedded in the binary and served as it is in the
// repository. It speaks the control API of package slacksim and nothing else,
// and the page may load nothing from another machine: the policy that is sent
// along forbids it.
//
// The two libraries in vendor/ are taken over unchanged; its README.md names
// their versions and licences.
package web
