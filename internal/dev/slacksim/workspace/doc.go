// Package workspace is the state of a simulated Slack and its journal: who and what is
// there, what happens to it, whom that notifies, and what a subscribed app hears of it.
//
// A [Store] has the one lock. [Store.Update] and [Store.View] take it and hand out a
// [Tx]; all other packages get at the workspace with one, and at what they keep beside
// it themselves ([Guarded]).
package workspace
